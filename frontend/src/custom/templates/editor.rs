//! One text: its three parts, what they may mention, and how it arrives.

use std::time::Duration;

use conexao_client::model::{Said, TemplateTexts, TextTemplate};
use conexao_domain::kernel::flow::Tone;
use leptos::{ev::SubmitEvent, leptos_dom::helpers::set_timeout, prelude::*, task::spawn_local};

use super::{language, missing, name};
use crate::{
    api::{Failure, Params, client},
    screen::Screen,
    state::app,
    t,
    ui::{
        chip::chip,
        empty::failed,
        icon::icon,
        load::Load,
        mail,
        skeleton::lines,
        tabs::{Tab, tabs},
        title::title,
        toast,
    },
};

/// After the last key, before the text is filled in anew.
const PAUSE: Duration = Duration::from_millis(400);

/// The parts of a text: name, label, rows.
const PARTS: [&str; 3] = ["subject", "text", "html"];

#[derive(Clone, Copy)]
struct Editor {
    which: StoredValue<(String, String)>,
    load: Load<TextTemplate>,
    texts: [RwSignal<String>; 3],
    version: RwSignal<i64>,
    own: RwSignal<bool>,
    preview: RwSignal<Option<Result<Said, Failure>>>,
    busy: RwSignal<bool>,
    turn: StoredValue<u32>,
    /// The part that was written in last.
    last: StoredValue<usize>,
}

/// The page of a text.
pub fn page(template: String, tag: String) -> AnyView {
    if !app().session.can("settings.manage") {
        return missing::page();
    }
    let editor = Editor {
        which: StoredValue::new((template, tag)),
        load: Load::new(),
        texts: std::array::from_fn(|_| RwSignal::new(String::new())),
        version: RwSignal::new(0),
        own: RwSignal::new(false),
        preview: RwSignal::new(None),
        busy: RwSignal::new(false),
        turn: StoredValue::new(0),
        last: StoredValue::new(1),
    };
    editor.reload();
    Effect::new(move || {
        if let Some(found) = editor.load.ready() {
            editor.show(&found);
        }
    });
    let there = Memo::new(move |_| editor.load.answer.with(|answer| answer.as_ref().map(Result::is_ok)));
    let shown = move || match there.get() {
        Some(true) => form(editor),
        Some(false) => editor
            .load
            .failed()
            .map_or_else(|| ().into_any(), |failure| failed(t!("templates.title"), &failure, move || editor.reload())),
        None => lines(6).into_any(),
    };
    let (kind, tag) = editor.which.get_value();
    let chip = move || {
        if editor.own.get() {
            chip(Tone::Progress, t!("templates.own"))
        } else {
            chip(Tone::Muted, t!("templates.ours"))
        }
    };
    view! {
        <div class="page-head">
            <div>
                <div class="flex flex-wrap items-center gap-2">{title(name(&kind))} {chip}</div>
                <p class="page-sub">{language(&tag)}</p>
            </div>
        </div>
        {shown}
    }
    .into_any()
}

impl Editor {
    fn reload(self) {
        let (template, language) = self.which.get_value();
        self.load.run(async move { client().template(&template, &language).await });
    }

    fn show(self, found: &TextTemplate) {
        for (signal, text) in self.texts.iter().zip([&found.subject, &found.text, &found.html]) {
            signal.set(text.clone());
        }
        self.version.set(found.version);
        self.own.set(found.own);
        self.fill();
    }

    fn now(self) -> TemplateTexts {
        let [subject, text, html] = self.texts.map(|signal| signal.get_untracked());
        TemplateTexts { subject, text, html }
    }

    /// Fills the text in as it is now.
    fn fill(self) {
        let ((template, language), texts) = (self.which.get_value(), self.now());
        let turn = self.next();
        spawn_local(async move {
            let filled = client().preview_template(&template, &language, &texts).await;
            if self.turn.try_get_value() == Some(turn) {
                self.preview.try_set(Some(filled));
            }
        });
    }

    fn next(self) -> u32 {
        let turn = self.turn.get_value().wrapping_add(1);
        self.turn.set_value(turn);
        turn
    }

    /// The same after the last key.
    fn fill_soon(self) {
        let turn = self.next();
        set_timeout(
            move || {
                if self.turn.try_get_value() == Some(turn) {
                    self.fill();
                }
            },
            PAUSE,
        );
    }

    fn save(self) {
        self.busy.set(true);
        let ((template, language), texts, version) = (self.which.get_value(), self.now(), self.version.get_untracked());
        spawn_local(async move {
            let kept = client().put_template(&template, &language, version, &texts).await;
            self.busy.try_set(false);
            match kept {
                Ok(kept) => {
                    self.version.set(kept.version);
                    self.own.set(kept.own);
                    toast::say(t!("templates.saved"));
                }
                Err(failure) => {
                    toast::fail(&failure);
                    self.preview.try_set(Some(Err(failure)));
                }
            }
        });
    }

    fn act(self, done: String, act: impl Future<Output = Result<(), Failure>> + 'static, again: bool) {
        self.busy.set(true);
        spawn_local(async move {
            let result = act.await;
            self.busy.try_set(false);
            match result {
                Ok(()) => {
                    toast::say(done);
                    if again {
                        self.reload();
                    }
                }
                Err(failure) => toast::fail(&failure),
            }
        });
    }

    /// Puts a name where the text was written in last.
    fn mention(self, name: &str) {
        let Some(part) = self.texts.get(self.last.get_value()) else { return };
        part.update(|text| text.extend(["{{ ", name, " }}"]));
        self.fill_soon();
    }
}

fn form(editor: Editor) -> AnyView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        editor.save();
    };
    let (template, tag) = editor.which.get_value();
    let test = {
        let (template, tag) = (template.clone(), tag.clone());
        move |_| {
            let (template, tag) = (template.clone(), tag.clone());
            editor.act(t!("templates.test_sent"), async move { client().test_template(&template, &tag).await }, false);
        }
    };
    let reset = move |_| {
        let (template, tag) = (template.clone(), tag.clone());
        editor.act(t!("templates.reset_done"), async move { client().reset_template(&template, &tag).await }, true);
    };
    let history = app().session.can("audit.read").then(|| {
        let query = Params::default().with("resource", "message_template");
        let path = format!("{}{}", Screen::Audit.path(), query.suffix());
        view! { <a class="btn btn-sm btn-quiet max-md:h-11" href=path>{icon("clock", "i")} {t!("templates.history")}</a> }
    });
    let fields = PARTS.iter().enumerate().map(|(index, name)| field(editor, index, name)).collect_view();
    view! {
        <div class="grid items-start gap-4 xl:grid-cols-2">
            <form class="panel min-w-0" on:submit=submit>
                <div class="panel-body grid gap-4">{fields} {catalogue(editor)}</div>
                <div class="panel-foot flex flex-wrap gap-2">
                    <button type="submit" class="btn btn-sm btn-primary max-md:h-11" disabled=editor.busy>{t!("save")}</button>
                    <button type="button" class="btn btn-sm btn-line max-md:h-11" disabled=editor.busy on:click=test>{icon("send", "i")} {t!("templates.test")}</button>
                    <button type="button" class="btn btn-sm btn-quiet max-md:h-11" disabled=move || editor.busy.get() || !editor.own.get() on:click=reset>{t!("templates.reset")}</button>
                    {history}
                </div>
            </form>
            {preview(editor)}
        </div>
    }
    .into_any()
}

fn label(part: &str) -> String {
    match part {
        "subject" => t!("templates.subject"),
        "text" => t!("templates.plain"),
        _ => t!("templates.html"),
    }
}

/// What is wrong with a part, with its line.
fn wrong(editor: Editor, part: &'static str) -> Option<String> {
    let failure = editor.preview.get()?.err()?;
    let said = failure.field(part)?.to_owned();
    let line = failure.extra.get("line").and_then(serde_json::Value::as_i64);
    let detail = failure.detail.clone().unwrap_or_default();
    Some(match line {
        Some(line) => t!("templates.wrong", line = line, text = detail.rsplit(": ").next().unwrap_or_default()),
        None => said,
    })
}

fn field(editor: Editor, index: usize, part: &'static str) -> AnyView {
    let Some(value) = editor.texts.get(index).copied() else { return ().into_any() };
    let id = format!("template-{part}");
    let write = move |event| {
        value.set(event_target_value(&event));
        editor.last.set_value(index);
        editor.fill_soon();
    };
    let message = move || {
        wrong(editor, part)
            .map(|text| view! { <p class="field-err" role="alert">{icon("circle-alert", "i i-xs")} {text}</p> })
    };
    let invalid = move || wrong(editor, part).is_some().to_string();
    let input = if part == "subject" {
        view! { <input id=id.clone() class="input mono max-md:h-11" maxlength="300" spellcheck="false" aria-invalid=invalid prop:value=value on:input=write on:focus=move |_| editor.last.set_value(index) /> }
            .into_any()
    } else {
        let class = if part == "html" { "textarea mono min-h-80 text-xs" } else { "textarea mono min-h-44 text-xs" };
        view! { <textarea id=id.clone() class=class maxlength="50000" spellcheck="false" aria-invalid=invalid prop:value=value on:input=write on:focus=move |_| editor.last.set_value(index)></textarea> }
            .into_any()
    };
    view! { <div class="field"><label for=id>{label(part)}</label> {input} {message}</div> }.into_any()
}

fn catalogue(editor: Editor) -> AnyView {
    let rows = move || {
        let known = editor.load.ready().map(|found| found.variables).unwrap_or_default();
        known
            .into_iter()
            .map(|variable| {
                let sample = variable.sample.as_str().map_or_else(|| variable.sample.to_string(), str::to_owned);
                let (shown, put) = (variable.name.clone(), variable.name);
                view! {
                    <li class="flex items-center gap-2 py-0.5">
                        <button type="button" class="tag mono max-md:h-11" title=t!("templates.put") on:click=move |_| editor.mention(&put)>{shown}</button>
                        <span class="hint min-w-0 flex-1 truncate">{sample}</span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <details>
            <summary class="text-sm font-medium">{t!("templates.variables")}</summary>
            <ul class="mt-2 grid gap-0.5">{rows}</ul>
        </details>
    }
    .into_any()
}

fn preview(editor: Editor) -> AnyView {
    let tab = RwSignal::new("html");
    let rows = vec![Tab::new("html", t!("templates.as_html")), Tab::new("text", t!("templates.as_text"))];
    let good = Memo::new(move |before: Option<&Option<Said>>| {
        let now = editor.preview.with(|preview| preview.as_ref().and_then(|filled| filled.as_ref().ok().cloned()));
        now.or_else(|| before.cloned().flatten())
    });
    let html = Signal::derive(move || good.get().map(|said| said.html).unwrap_or_default());
    let shown = move || {
        match tab.get() {
        "text" => view! { <pre class="mono text-xs whitespace-pre-wrap" tabindex="0">{move || good.get().map(|said| said.text)}</pre> }.into_any(),
        _ => mail::frame(t!("templates.preview"), html),
    }
    };
    view! {
        <section class="panel min-w-0" aria-label=t!("templates.preview")>
            <header class="flex items-center border-b border-line px-3">{tabs(t!("templates.preview"), rows, tab)}</header>
            <div class="panel-body grid gap-3">
                <p class="text-sm"><span class="hint">{t!("templates.subject")}": "</span> <b class="font-medium">{move || good.get().map(|said| said.subject)}</b></p>
                {shown}
            </div>
        </section>
    }
    .into_any()
}
