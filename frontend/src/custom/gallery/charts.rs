//! Every form of chart with made-up numbers, also without any and on their way.

use conexao_domain::kernel::flow::Tone;
use leptos::prelude::*;

use super::{Section, doc::doc_of, row};
use crate::ui::chart::{self, Data, Form, Ink, Label, Series, Unit};

const MONTHS: [&str; 12] = ["dez", "jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov"];

pub fn sections() -> Vec<Section> {
    let states = vec![
        ("line", drawn(Form::Line, one())),
        ("line of several series", drawn(Form::Line, several())),
        ("line below zero", drawn(Form::Line, below())),
        ("bars of amounts", drawn(Form::Bars, amounts())),
        ("bars beside each other", drawn(Form::Bars, several())),
        ("stacked bars", drawn(Form::Stacked, several())),
        ("lying bars, long names", drawn(Form::Rows, stages())),
        ("donut", drawn(Form::Donut, stages())),
        ("funnel", drawn(Form::Funnel, funnel())),
        ("heat map, weekday by hour", drawn(Form::Heat, week())),
        ("as a table", table()),
        ("one value", drawn(Form::Bars, Data::single("Criadas", Unit::Count, vec![(Label::new("novembro"), 7)]))),
        ("nothing", drawn(Form::Line, Data::single("Criadas", Unit::Count, Vec::new()))),
        ("on its way", boxed(chart::waiting())),
        ("line of a card", sparks()),
    ];
    vec![Section { id: "chart", name: "Chart", doc: doc_of!("ui/chart/mod.rs"), states }]
}

fn boxed(view: AnyView) -> AnyView {
    view! { <div class="h-56">{view}</div> }.into_any()
}

fn drawn(form: Form, data: Data) -> AnyView {
    boxed(chart::chart(format!("{form:?}"), form, data, RwSignal::new(false)))
}

fn table() -> AnyView {
    let as_table = RwSignal::new(true);
    view! {
        <div>
            <div class="flex justify-end">{chart::table_button(as_table)}</div>
            {boxed(chart::chart("Garantias por mês".to_owned(), Form::Stacked, several(), as_table))}
        </div>
    }
    .into_any()
}

fn months() -> Vec<Label> {
    MONTHS.map(|month| Label { href: Some("/dev/ui#chart".to_owned()), ..Label::new(month) }).to_vec()
}

fn data(unit: Unit, series: Vec<Series>) -> Data {
    Data { by: "Mês".to_owned(), labels: months(), series, unit }
}

fn one() -> Data {
    let values = vec![112, 118, 121, 130, 128, 139, 147, 151, 160, 158, 171, 183];
    data(Unit::Count, vec![Series::new("Clientes", Ink::Nth(0), values)])
}

fn several() -> Data {
    let base = [41_i64, 38, 44, 52, 49, 61, 58, 66, 63, 70, 74, 69];
    let part = |name: &str, at: usize, take: i64| {
        Series::new(name, Ink::Nth(at), base.iter().map(|value| value * take / 6).collect())
    };
    let names = ["Loja própria", "Mercado Livre", "Shopee", "Amazon", "Magalu", "Outros"];
    let parts = names.iter().zip([6, 5, 3, 2, 2, 1]).enumerate();
    data(Unit::Count, parts.map(|(at, (name, take))| part(name, at, take)).collect())
}

fn below() -> Data {
    data(Unit::Count, vec![Series::new("Saldo", Ink::Nth(2), vec![12, 4, -6, -18, -9, 3, 15, 22, 8, -4, 6, 19])])
}

fn amounts() -> Data {
    let values = (0..12).map(|month| 92_000_000 + month * 3_350_045).collect();
    data(Unit::Money, vec![Series::new("Faturado", Ink::Nth(0), values)])
}

fn stages() -> Data {
    let all = [
        ("Pendente", Tone::New, 41),
        ("Aguardando logística reversa do cliente pelo transportador", Tone::Waiting, 37),
        ("Gerado", Tone::Progress, 60),
        ("Conferido", Tone::Success, 212),
        ("Cancelado", Tone::Muted, 9),
    ];
    let rows = all.map(|(name, tone, count)| (Label { ink: Some(Ink::Tone(tone)), ..Label::new(name) }, count));
    Data::single("Garantias", Unit::Count, rows.to_vec()).by("Situação")
}

fn funnel() -> Data {
    let all = [("Leads", 412), ("Contato feito", 260), ("Proposta", 118), ("Negociação", 64), ("Ganha", 41)];
    Data::single("Oportunidades", Unit::Count, all.map(|(name, count)| (Label::new(name), count)).to_vec()).by("Etapa")
}

fn week() -> Data {
    let labels = (0..24).map(|hour| Label::new(format!("{hour:02}h"))).collect();
    let names = ["domingo", "segunda", "terça", "quarta", "quinta", "sexta", "sábado"];
    let series = names.iter().zip([1_i64, 9, 10, 8, 9, 7, 3]).map(|(name, busy)| {
        let hour = |hour: i64| if (8..20).contains(&hour) { busy * (6 - (hour - 14).abs()).max(1) } else { 0 };
        Series::new(*name, Ink::Nth(0), (0..24).map(hour).collect())
    });
    Data { by: "Hora".to_owned(), labels, series: series.collect(), unit: Unit::Count }
}

fn sparks() -> AnyView {
    let up = chart::spark(&[3, 4, 4, 6, 7, 9, 12], Ink::Nth(0));
    let worse = chart::spark(&[5, 8, 4, 7, 9, 6, 11], Ink::Tone(Tone::Danger));
    let better = chart::spark(&[9, 8, 10, 7, 6, 6, 3], Ink::Tone(Tone::Success));
    row(vec![up, worse, better])
}
