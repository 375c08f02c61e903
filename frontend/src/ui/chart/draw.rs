//! From a scene to the page: an SVG that only decorates, and over it the
//! places that are pointed at, focused, read out and opened.

use std::sync::Arc;

use leptos::{ev::KeyboardEvent, html::Div, prelude::*};

use super::{
    data::Data,
    px::Px,
    scene::{Hit, Scene},
    words,
};
use crate::{state::app, ui::focus};

/// A tooltip nearer to the edge than this is drawn inwards.
const EDGE: Px = Px::whole(96);

/// The drawing and its places; `title` names them together.
pub fn draw(title: String, data: &Arc<Data>, scene: Scene, size: (i64, i64)) -> AnyView {
    let now = RwSignal::new(None::<usize>);
    let stop = RwSignal::new(0_usize);
    let root = NodeRef::<Div>::new();
    let (stride, last) = (scene.stride.max(1), scene.hits.len().saturating_sub(1));
    let keys = move |event: KeyboardEvent| {
        let at = stop.get_untracked();
        let next = match event.key().as_str() {
            "ArrowRight" => at + 1,
            "ArrowDown" => at + stride,
            "ArrowLeft" => at.saturating_sub(1),
            "ArrowUp" => at.saturating_sub(stride),
            "Home" => 0,
            "End" => last,
            "Escape" if now.get_untracked().is_some() => return now.set(None),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        let Some(root) = root.get_untracked() else { return };
        focus::give(focus::inside(&root, "[data-hit]").into_iter().nth(next.min(last)));
    };
    let spots = scene.hits.iter().enumerate().map(|(at, hit)| spot(at, hit, data, now, stop)).collect_view();
    let hits = scene.hits.clone();
    let shown = Arc::clone(data);
    let tip = move || now.get().and_then(|at| hits.get(at)).map(|hit| tooltip(&shown, hit, size.0));
    let svg = svg(&scene, size, data, now);
    view! {
        {svg}
        <div class="chart-hits" role="group" aria-label=title node_ref=root on:keydown=keys>{spots}</div>
        {tip}
    }
    .into_any()
}

fn svg(scene: &Scene, (width, height): (i64, i64), data: &Data, now: RwSignal<Option<usize>>) -> AnyView {
    let lines = scene.lines.iter().map(|(from, to, y, base)| {
        let class = if *base { "axis" } else { "grid" };
        view! { <line class=class x1=from.to_string() x2=to.to_string() y1=y.to_string() y2=y.to_string()></line> }
    });
    let marks = scene.marks.iter().map(|mark| {
        let class = format!("{} {}", mark.look.class(), mark.ink.class());
        let path = mark.path.clone();
        let Some(at) = mark.hit else { return view! { <path class=class d=path></path> }.into_any() };
        // Its place is in the middle; the rest of it answers to the pointer as well.
        let href = scene.hits.get(at).and_then(|hit| data.href(hit.label, hit.series)).map(str::to_owned);
        let class = if href.is_some() { format!("{class} cursor-pointer") } else { class };
        let open = move |_| {
            if let Some(href) = &href {
                app().nav.to(href);
            }
        };
        view! {
            <path class=class d=path on:pointerenter=move |_| now.set(Some(at)) on:pointerleave=move |_| now.set(None) on:click=open></path>
        }
        .into_any()
    });
    let words = scene.words.iter().map(|word| {
        let class = if word.strong { "strong" } else { "" };
        let (x, y) = word.at;
        view! { <text class=class x=x.to_string() y=y.to_string() text-anchor=word.anchor.name()>{word.text.clone()}</text> }
    });
    view! {
        <svg class="chart" aria-hidden="true" viewBox=format!("0 0 {width} {height}") width=width.to_string() height=height.to_string()>
            <g>{lines.collect_view()}</g>
            <g>{marks.collect_view()}</g>
            <g>{words.collect_view()}</g>
        </svg>
    }
    .into_any()
}

/// One value: a link where there are rows behind it. Only one of all is on the
/// way of the Tab key; the arrows lead to the others.
fn spot(at: usize, hit: &Hit, data: &Data, now: RwSignal<Option<usize>>, stop: RwSignal<usize>) -> AnyView {
    let label = words::value(data, hit);
    let (left, top, width, height) = hit.area;
    let (left, top, width, height) = (left.css(), top.css(), width.css(), height.css());
    let tabindex = move || if stop.get() == at { "0" } else { "-1" };
    let enter = move || {
        stop.set(at);
        now.set(Some(at));
    };
    let leave = move || {
        if now.get_untracked() == Some(at) {
            now.set(None);
        }
    };
    match data.href(hit.label, hit.series) {
        Some(href) => view! {
            <a
                class="chart-hit"
                data-hit=""
                href=href.to_owned()
                aria-label=label
                tabindex=tabindex
                style:left=left
                style:top=top
                style:width=width
                style:height=height
                on:focus=move |_| enter()
                on:blur=move |_| leave()
                on:pointerenter=move |_| now.set(Some(at))
                on:pointerleave=move |_| leave()
            ></a>
        }
        .into_any(),
        None => view! {
            <span
                class="chart-hit"
                data-hit=""
                role="img"
                aria-label=label
                tabindex=tabindex
                style:left=left
                style:top=top
                style:width=width
                style:height=height
                on:focus=move |_| enter()
                on:blur=move |_| leave()
                on:pointerenter=move |_| now.set(Some(at))
                on:pointerleave=move |_| leave()
            ></span>
        }
        .into_any(),
    }
}

/// What is read out, to look at.
fn tooltip(data: &Data, hit: &Hit, width: i64) -> AnyView {
    let (x, y) = hit.tip;
    let side = match () {
        () if x < EDGE => "chart-tip chart-tip-start",
        () if x > Px::whole(width) - EDGE => "chart-tip chart-tip-end",
        () => "chart-tip",
    };
    let label = data.labels.get(hit.label).map(|label| label.long.clone()).unwrap_or_default();
    let wanted = |at: &usize| hit.series.is_none_or(|series| series == *at);
    let rows = (0..data.series.len()).filter(wanted).filter_map(|at| data.series.get(at)).map(|series| {
        let swatch = format!("swatch paint {}", series.ink.class());
        let name = (data.series.len() > 1).then(|| {
            view! { <i class=swatch></i><span class="flex-1 truncate">{series.name.clone()}</span> }
        });
        view! { <span class="flex items-center gap-1.5">{name}<b class="num">{data.unit.full(series.at(hit.label))}</b></span> }
    });
    view! {
        <div class=side aria-hidden="true" style:left=x.css() style:top=y.css()>
            <span class="block truncate text-2xs opacity-80">{label}</span>
            {rows.collect_view()}
        </div>
    }
    .into_any()
}
