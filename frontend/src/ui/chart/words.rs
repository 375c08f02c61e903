//! What a chart says aloud: each value, and the whole in one sentence.

use super::{Form, data::Data, scene::Hit};
use crate::{format, t};

/// One value with its names: `nov de 2026: 12`.
pub fn value(data: &Data, hit: &Hit) -> String {
    let label = data.labels.get(hit.label).map(|label| label.long.clone()).unwrap_or_default();
    let said = |at: usize| {
        data.series
            .get(at)
            .map(|series| (series.name.clone(), data.unit.full(series.at(hit.label))))
            .unwrap_or_default()
    };
    match hit.series {
        Some(at) => {
            let (name, value) = said(at);
            format!("{name}, {label}: {value}")
        }
        None if data.series.len() == 1 => format!("{label}: {}", said(0).1),
        None => {
            let all = (0..data.series.len()).map(|at| {
                let (name, value) = said(at);
                format!("{name} {value}")
            });
            format!("{label}: {}", all.collect::<Vec<_>>().join(", "))
        }
    }
}

/// The whole chart in one sentence.
pub fn summary(form: Form, data: &Data) -> String {
    let total = data.unit.full(data.total());
    let places = || (0..data.labels.len()).map(|at| (at, data.total_at(at)));
    let name = |at: usize| data.labels.get(at).map(|label| label.long.clone()).unwrap_or_default();
    // Of equals the first.
    let Some((most, value)) = places().max_by_key(|(at, value)| (*value, data.labels.len() - at)) else {
        return t!("chart.empty");
    };
    if data.is_empty() {
        return t!("chart.empty");
    }
    let full = data.unit.full(value);
    match form {
        Form::Line | Form::Bars | Form::Stacked => {
            let (first, last) = (name(0), name(data.labels.len().saturating_sub(1)));
            t!("chart.summary_time", first = first, last = last, total = total, most = name(most), value = full)
        }
        Form::Rows | Form::Donut | Form::Funnel | Form::Heat => {
            let share = format::percent(value, data.total());
            t!("chart.summary_parts", total = total, most = name(most), value = full, share = share)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::data::{Ink, Label, Series, Unit},
        *,
    };

    fn hit(label: usize, series: Option<usize>) -> Hit {
        Hit { label, series, area: Default::default(), tip: Default::default() }
    }

    fn data() -> Data {
        let rows = vec![(Label::new("outubro"), 1), (Label::new("novembro"), 3)];
        Data::single("Criados", Unit::Count, rows)
    }

    #[test]
    fn values_are_read_with_their_names() {
        let mut data = data();
        assert_eq!(value(&data, &hit(1, None)), "novembro: 3");
        data.series.push(Series::new("Fechados", Ink::Nth(1), vec![0, 2]));
        assert_eq!(value(&data, &hit(1, None)), "novembro: Criados 3, Fechados 2");
        assert_eq!(value(&data, &hit(0, Some(1))), "Fechados, outubro: 0");
    }

    #[test]
    fn a_sentence_tells_the_whole() {
        let said = summary(Form::Line, &data());
        assert!(said.contains("outubro") && said.contains("novembro") && said.contains('4'), "{said}");
        assert!(summary(Form::Donut, &data()).contains("75%"));
        assert_eq!(summary(Form::Rows, &Data::single("n", Unit::Count, Vec::new())), t!("chart.empty"));
    }
}
