//! Categories of notices by channels, to tick: a person's own, or a company's.

use std::sync::Arc;

use conexao_client::NoticeChoice;
use leptos::prelude::*;

use crate::{i18n, t};

/// Summaries are mail and nothing else.
const DIGEST: &str = "digest";
const CHANNELS: [&str; 5] = ["app", "email", "push", "sms", "slack"];

/// What a cell that was ticked asks for.
pub type Change = Arc<dyn Fn(NoticeChoice) + Send + Sync>;

pub struct Matrix {
    pub cells: Signal<Vec<NoticeChoice>>,
    pub change: Change,
    /// What the table is called.
    pub label: String,
}

/// Name of a way to be told.
pub fn channel(name: &str) -> String {
    match name {
        "app" => t!("channel.app"),
        "email" => t!("channel.email"),
        "push" => t!("channel.push"),
        "sms" => t!("channel.sms"),
        _ => t!("channel.slack"),
    }
}

/// Sign of a way out.
pub fn art(name: &str) -> &'static str {
    match name {
        "email" => "mail",
        "push" => "bell",
        "sms" => "phone",
        "slack" => "message-circle",
        _ => "layout-dashboard",
    }
}

/// The table; each box is kept at once.
pub fn table(matrix: Matrix) -> AnyView {
    let Matrix { cells, change, label } = matrix;
    let mut categories: Vec<String> = cells.get_untracked().into_iter().map(|one| one.category).collect();
    categories.dedup();
    let heads = CHANNELS
        .map(|name| view! { <th scope="col" class="px-2 py-1 font-medium whitespace-nowrap">{channel(name)}</th> });
    let rows = categories.into_iter().map(|category| row(cells, &change, &category)).collect_view();
    view! {
        <div class="overflow-x-auto" tabindex="0" role="region" aria-label=label>
            <table class="w-full text-sm">
                <thead>
                    <tr>
                        <th scope="col" class="py-1 text-left font-medium">{t!("profile.category")}</th>
                        {heads.into_iter().collect_view()}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(cells: Signal<Vec<NoticeChoice>>, change: &Change, category: &str) -> AnyView {
    let name = i18n::category(category);
    let boxes = CHANNELS.map(|channel_name| {
        if category == DIGEST && channel_name != "email" {
            return view! { <td class="py-1"></td> }.into_any();
        }
        cell(cells, change.clone(), category.to_owned(), channel_name, &name)
    });
    view! {
        <tr class="border-t border-line">
            <th scope="row" class="py-1.5 text-left font-normal">{name}</th>
            {boxes.into_iter().collect_view()}
        </tr>
    }
    .into_any()
}

fn cell(
    cells: Signal<Vec<NoticeChoice>>,
    change: Change,
    category: String,
    channel_name: &'static str,
    name: &str,
) -> AnyView {
    let label = format!("{name}: {}", channel(channel_name));
    let this = category.clone();
    let wanted = move || {
        cells.with(|all| all.iter().any(|one| one.category == this && one.channel == channel_name && one.wanted))
    };
    let toggle = move |event| {
        change(NoticeChoice {
            category: category.clone(),
            channel: channel_name.to_owned(),
            wanted: event_target_checked(&event),
        });
    };
    view! {
        <td class="px-2 py-1.5 text-center">
            <input type="checkbox" class="checkbox checkbox-xs" aria-label=label prop:checked=wanted on:change=toggle />
        </td>
    }
    .into_any()
}
