//! Where the person is reached beyond mail: this browser, a telephone, Slack.

use conexao_client::model::{Browser, Reached};
use conexao_domain::kernel::flow::Tone;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use crate::{
    api::{
        Failure, client,
        push::{self, Why},
    },
    format, t,
    ui::{chip::chip, fetched::fetched, icon::icon, load::Load, toast},
};

type Known = (Vec<Browser>, Vec<Reached>, Option<String>);

#[derive(Clone, Copy)]
struct Reach {
    load: Load<Known>,
    busy: RwSignal<bool>,
}

impl Reach {
    fn reload(self) {
        self.load.run(async move {
            let here = match push::present().await {
                Some(told) => push::print_of(&told.endpoint).await,
                None => None,
            };
            Ok((client().browsers().await?, client().reached().await?, here))
        });
    }

    /// Does something, says what became of it, and looks again.
    fn act(self, done: String, act: impl Future<Output = Result<(), Failure>> + 'static) {
        self.busy.set(true);
        spawn_local(async move {
            let result = act.await;
            self.busy.try_set(false);
            match result {
                Ok(()) => {
                    toast::say(done);
                    self.reload();
                }
                Err(failure) => toast::fail(&failure),
            }
        });
    }
}

/// The panel of the profile.
pub fn panel() -> AnyView {
    let reach = Reach { load: Load::new(), busy: RwSignal::new(false) };
    reach.reload();
    let again = move || reach.reload();
    let body = fetched(reach.load, 4, t!("reach.title"), again, move |(browsers, reached, here)| {
        let found = |name: &str| reached.iter().find(|one| one.channel == name).cloned();
        view! { {in_browsers(reach, browsers, here)} {by_phone(reach, found("sms"))} {in_slack(reach, found("slack"))} }
            .into_any()
    });
    view! {
        <section class="panel">
            <header class="panel-head"><h2 class="panel-title">{t!("reach.title")}</h2></header>
            <div class="divide-y divide-line">{body}</div>
        </section>
    }
    .into_any()
}

fn part(art: &'static str, heading: String, chip: Option<AnyView>, body: AnyView) -> AnyView {
    view! {
        <div class="grid gap-3 p-4">
            <div class="flex items-center gap-2.5">{icon(art, "i text-ink-3")} <h3 class="text-sm font-medium">{heading}</h3> {chip}</div>
            {body}
        </div>
    }
    .into_any()
}

fn on() -> AnyView {
    chip(Tone::Success, t!("reach.on"))
}

fn turn_on(reach: Reach) {
    reach.busy.set(true);
    spawn_local(async move {
        let result = push::turn_on().await;
        reach.busy.try_set(false);
        match result {
            Ok(()) => {
                toast::say(t!("reach.push_done"));
                reach.reload();
            }
            Err(Why::Unable) => toast::warn(t!("reach.push_unable")),
            Err(Why::Denied) => toast::warn(t!("reach.push_denied")),
            Err(Why::Broken) => toast::warn(t!("reach.push_broken")),
            Err(Why::Refused(failure)) => toast::fail(&failure),
        }
    });
}

fn in_browsers(reach: Reach, browsers: Vec<Browser>, here: Option<String>) -> AnyView {
    let is_here = |browser: &Browser| here.as_ref() == Some(&browser.endpoint_hash);
    let (known, any) = (browsers.iter().any(is_here), !browsers.is_empty());
    let rows = browsers.into_iter().map(|browser| {
        let here = is_here(&browser);
        one_browser(reach, browser, here)
    });
    let rows = rows.collect_view();
    let hint = if !push::able() {
        Some(t!("reach.push_unable"))
    } else if push::denied() {
        Some(t!("reach.push_denied"))
    } else {
        None
    };
    let offer = (!known && hint.is_none()).then(|| {
        view! { <button type="button" class="btn btn-sm btn-line max-md:h-11" disabled=reach.busy on:click=move |_| turn_on(reach)>{icon("bell", "i")} {t!("reach.push_here")}</button> }
    });
    let test = any.then(|| {
        let send = move |_| reach.act(t!("reach.test_sent"), async { client().test_push().await });
        view! { <button type="button" class="btn btn-sm btn-line max-md:h-11" disabled=reach.busy on:click=send>{icon("send", "i")} {t!("reach.test")}</button> }
    });
    let body = view! {
        {hint.map(|text| view! { <p class="hint">{text}</p> })}
        <ul class="grid gap-2">{rows}</ul>
        <div class="flex flex-wrap gap-2">{offer} {test}</div>
    };
    part("bell", t!("reach.push"), known.then(on), body.into_any())
}

fn one_browser(reach: Reach, browser: Browser, here: bool) -> AnyView {
    let since = browser.created_at.parse().map(format::ago).unwrap_or_default();
    let name = browser.device.as_deref().map_or_else(|| browser.host.clone(), device);
    let label = t!("reach.remove_one", name = &name);
    let id = browser.id;
    let remove = move |_| {
        let id = id.clone();
        reach.act(t!("reach.removed"), async move {
            if here {
                // What the browser does not give up, the server forgets.
                drop(push::turn_off().await);
            }
            client().remove_browser(&id).await
        });
    };
    let mark = here.then(|| chip(Tone::Success, t!("reach.here")));
    view! {
        <li class="flex items-center gap-2 text-sm">
            <span class="min-w-0 flex-1 truncate">{name} <span class="hint">{since}</span></span>
            {mark}
            <button type="button" class="icon-btn icon-btn-sm" aria-label=label.clone() title=label disabled=reach.busy on:click=remove>{icon("trash-2", "i i-sm")}</button>
        </li>
    }
    .into_any()
}

/// Browser and system of a user agent, roughly.
fn device(agent: &str) -> String {
    let first = |known: &[&'static str]| known.iter().copied().find(|word| agent.contains(*word));
    let browser = first(&["Firefox", "Edg", "OPR", "Chrome", "Safari"])
        .unwrap_or("—")
        .replace("Edg", "Edge")
        .replace("OPR", "Opera");
    let system = first(&["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"]).unwrap_or_default();
    if system.is_empty() { browser } else { t!("sessions.device", browser = browser, system = system) }
}

fn input(id: &'static str, label: String, kind: &'static str, mode: &'static str, value: RwSignal<String>) -> AnyView {
    view! {
        <div class="field min-w-0 flex-1">
            <label for=id>{label}</label>
            <input
                id=id
                class="input max-md:h-11"
                type=kind
                inputmode=mode
                autocomplete="off"
                spellcheck="false"
                required
                maxlength="400"
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            />
        </div>
    }
    .into_any()
}

fn submit(reach: Reach, label: String) -> AnyView {
    view! { <button type="submit" class="btn btn-sm btn-line max-md:h-11" disabled=reach.busy>{label}</button> }
        .into_any()
}

fn remove(reach: Reach, channel: &'static str) -> AnyView {
    let act = move |_| reach.act(t!("reach.removed"), async move { client().remove_reached(channel).await });
    view! { <button type="button" class="btn btn-sm btn-quiet max-md:h-11" disabled=reach.busy on:click=act>{t!("reach.remove")}</button> }
        .into_any()
}

fn by_phone(reach: Reach, known: Option<Reached>) -> AnyView {
    let number = RwSignal::new(String::new());
    let code = RwSignal::new(String::new());
    let ask = move |event: SubmitEvent| {
        event.prevent_default();
        let number = number.get_untracked();
        reach.act(t!("reach.code_sent"), async move { client().ask_phone(&number).await });
    };
    let prove = move |event: SubmitEvent| {
        event.prevent_default();
        let code = code.get_untracked();
        reach.act(t!("reach.phone_done"), async move { client().confirm_phone(&code).await });
    };
    let proved = known.as_ref().is_some_and(|one| one.confirmed_at.is_some());
    let body = match known {
        Some(one) if proved => {
            view! { <div class="flex items-center gap-3 text-sm"><span class="num flex-1">{one.hint}</span> {remove(reach, "sms")}</div> }
                .into_any()
        }
        Some(one) => view! {
            <p class="hint">{t!("reach.code_text", phone = one.hint)}</p>
            <form class="flex flex-wrap items-end gap-2" on:submit=prove>
                {input("reach-code", t!("reach.code"), "text", "numeric", code)} {submit(reach, t!("reach.confirm"))} {remove(reach, "sms")}
            </form>
        }
        .into_any(),
        None => view! {
            <form class="flex flex-wrap items-end gap-2" on:submit=ask>
                {input("reach-phone", t!("reach.phone"), "tel", "tel", number)} {submit(reach, t!("reach.send_code"))}
            </form>
        }
        .into_any(),
    };
    part("phone", t!("reach.sms"), proved.then(on), body)
}

fn in_slack(reach: Reach, known: Option<Reached>) -> AnyView {
    let url = RwSignal::new(String::new());
    let set = move |event: SubmitEvent| {
        event.prevent_default();
        let url = url.get_untracked();
        reach.act(t!("reach.slack_done"), async move { client().set_slack(&url).await });
    };
    let has = known.is_some();
    let body = match known {
        Some(one) => {
            view! { <div class="flex items-center gap-3 text-sm"><span class="mono flex-1 truncate">{one.hint}</span> {remove(reach, "slack")}</div> }
                .into_any()
        }
        None => view! {
            <form class="flex flex-wrap items-end gap-2" on:submit=set>
                {input("reach-slack", t!("reach.slack_url"), "url", "url", url)} {submit(reach, t!("save"))}
            </form>
            <p class="hint">{t!("reach.slack_text")}</p>
        }
        .into_any(),
    };
    part("message-circle", t!("reach.slack"), has.then(on), body)
}
