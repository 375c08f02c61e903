//! The numbers of a widget, asked for and put in the form that is drawn.

use conexao_domain::{
    kernel::{
        field::{Field, Kind as Stuff},
        resource::Resource,
    },
    registry,
};
use serde_json::Value as Json;

use super::{
    plan::{Measure, Plan},
    time::{self, Bucket, Period},
};
use crate::{
    api::{
        Failure, Params,
        dashboard::{self, Interval, Kind, Point, Wanted},
        records::{self, Group},
    },
    format, i18n,
    resource::list::name_of,
    screen::Screen,
    t, td,
    ui::chart::{Data, Ink, Label, Series},
};

/// Groups and series with a colour of their own; what comes after is one more.
const MOST: usize = 8;
const MOST_COLOURS: usize = 5;

/// A figure, the same before, and the way between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    pub value: i64,
    /// Of the period before; none without a period.
    pub before: Option<i64>,
    pub line: Vec<i64>,
}

/// The rows that a query shows.
pub fn rows(resource: &'static Resource, params: &Params) -> String {
    format!("{}{}", Screen::List(resource).path(), params.suffix())
}

/// A figure, from one series of both periods or from one count.
pub async fn figure(plan: Plan) -> Result<Figure, Failure> {
    let Some(period) = plan.period else {
        let value = match plan.measure {
            Measure::Count => records::count(plan.resource, &plan.params).await?,
            Measure::Sum(field) => sum(plan.resource, field, &plan.params).await?,
        };
        return Ok(Figure { value, before: None, line: Vec::new() });
    };
    let today = format::today();
    let (start, first) = (period.start(today), period.start_before(today));
    let interval = plan.interval.unwrap_or_else(|| period.usual());
    // Weeks may begin before the period does: days are added up instead.
    let fine = if period.usual() == Interval::Month { Interval::Month } else { Interval::Day };
    let points = points(&plan, fine, None, first).await?;
    let all = || points.iter().collect::<Vec<_>>();
    let sums = plan.measure.field().is_some();
    let values = time::fill(&time::buckets(first, today, fine), &all(), sums);
    let half = time::buckets(first, start.pred_opt().unwrap_or(start), fine).len();
    let (before, now) = values.split_at_checked(half).unwrap_or((&[], &values));
    let add = |values: &[i64]| values.iter().fold(0_i64, |sum, value| sum.saturating_add(*value));
    let line = time::fill(&time::buckets(start, today, interval), &all(), sums);
    Ok(Figure { value: add(now), before: Some(add(before)), line })
}

/// The sum of everything that matches: of all groups of a field that has few.
async fn sum(resource: &'static Resource, field: &Field, params: &Params) -> Result<i64, Failure> {
    let by = if resource.flow.is_some() { "status" } else { "created_by" };
    let groups = records::aggregate(resource, by, Some(field.name), params).await?;
    Ok(groups.iter().filter_map(|group| group.sum).fold(0, i64::saturating_add))
}

async fn points(
    plan: &Plan,
    interval: Interval,
    split: Option<&'static Field>,
    first: chrono::NaiveDate,
) -> Result<Vec<Point>, Failure> {
    let by = plan.clock();
    let mut params = plan.params.clone();
    params.0.push((format!("filter[{by}][gte]"), first.to_string()));
    params.0.push((format!("filter[{by}][lte]"), format::today().to_string()));
    let wanted = Wanted { by, interval, split: split.map(|field| field.name), sum: plan.measure.field() };
    dashboard::series(plan.resource, wanted, &params).await
}

/// What a chart shows.
pub async fn chart(plan: Plan) -> Result<Data, Failure> {
    if !plan.is_series() {
        return shares(&plan).await;
    }
    let (interval, period) = plan.span();
    let today = format::today();
    // A map of days holds a year.
    let by_day = plan.kind == Kind::Heat && plan.split.is_none();
    let period = if by_day && period.points(Interval::Day) > 372 { Period::Months(12) } else { period };
    let first = period.start(today);
    if by_day {
        let points = points(&plan, Interval::Day, None, first).await?;
        return Ok(weekdays(&plan, &points, first));
    }
    let points = points(&plan, interval, plan.split, first).await?;
    let buckets = time::buckets(first, today, interval);
    let labels = buckets.iter().map(|bucket| moment(&plan, *bucket, interval)).collect();
    let series = match plan.split {
        None => {
            let all: Vec<&Point> = points.iter().collect();
            let values = time::fill(&buckets, &all, plan.measure.field().is_some());
            vec![Series::new(plan.measure.words(plan.resource), Ink::Nth(0), values)]
        }
        Some(field) => split(&plan, field, &points, &buckets).await,
    };
    Ok(Data { by: td!("dash.interval.", interval.name()), labels, series, unit: plan.measure.unit() })
}

/// A place on the axis, which leads to the records of its days.
fn moment(plan: &Plan, bucket: Bucket, interval: Interval) -> Label {
    let (short, long) = bucket.words(interval);
    Label { short, long, href: Some(rows(plan.resource, &within(plan, bucket))), ink: None }
}

fn within(plan: &Plan, bucket: Bucket) -> Params {
    let by = plan.clock();
    let mut params = plan.params.clone();
    params.0.push((format!("filter[{by}][gte]"), bucket.first.to_string()));
    params.0.push((format!("filter[{by}][lte]"), bucket.last().to_string()));
    params
}

/// A series for each value of a field; the smaller ones are one together.
async fn split(plan: &Plan, field: &'static Field, points: &[Point], buckets: &[Bucket]) -> Vec<Series> {
    let sums = plan.measure.field().is_some();
    let mut keys: Vec<(Json, i64)> = Vec::new();
    for point in points {
        let more = if sums { point.sum.unwrap_or_default() } else { point.count };
        match keys.iter_mut().find(|(key, _)| *key == point.split) {
            Some((_, total)) => *total = total.saturating_add(more),
            None => keys.push((point.split.clone(), more)),
        }
    }
    arrange(plan.resource, field, &mut keys);
    let most = if field.kind == Stuff::State { MOST } else { MOST_COLOURS };
    let mut out = Vec::new();
    for (at, (key, _)) in keys.iter().take(most).enumerate() {
        let own: Vec<&Point> = points.iter().filter(|point| point.split == *key).collect();
        let ink = tone(plan.resource, field, key).unwrap_or(Ink::Nth(at));
        let hrefs = buckets.iter().map(|bucket| {
            let params = narrowed(within(plan, *bucket), field, key);
            Some(rows(plan.resource, &params))
        });
        let name = name(plan.resource, field, key).await;
        out.push(Series { hrefs: hrefs.collect(), ..Series::new(name, ink, time::fill(buckets, &own, sums)) });
    }
    if keys.len() > most {
        let rest: Vec<&Json> = keys.iter().skip(most).map(|(key, _)| key).collect();
        let own: Vec<&Point> = points.iter().filter(|point| rest.contains(&&point.split)).collect();
        out.push(Series::new(t!("dash.others"), Ink::Nth(MOST_COLOURS), time::fill(buckets, &own, sums)));
    }
    out
}

/// Days as a map of weekdays by weeks.
fn weekdays(plan: &Plan, points: &[Point], first: chrono::NaiveDate) -> Data {
    let today = format::today();
    let weeks = time::buckets(first, today, Interval::Week);
    let labels = weeks.iter().map(|week| moment(plan, *week, Interval::Week)).collect();
    let from = weeks.first().map_or(first, |week| week.first);
    let to = weeks.last().map_or(today, |week| week.last());
    let days = time::buckets(from, to, Interval::Day);
    let all: Vec<&Point> = points.iter().collect();
    let values = time::fill(&days, &all, plan.measure.field().is_some());
    let series = (0..7_usize).map(|weekday| {
        let own = values.iter().skip(weekday).step_by(7).copied().collect();
        let hrefs = days.iter().skip(weekday).step_by(7).map(|day| Some(rows(plan.resource, &within(plan, *day))));
        let name: String = td!("weekday.", &weekday.to_string()).chars().take(3).collect();
        Series { hrefs: hrefs.collect(), ..Series::new(name, Ink::Nth(0), own) }
    });
    Data { by: td!("dash.interval.", "week"), labels, series: series.collect(), unit: plan.measure.unit() }
}

/// How the records share out among the values of a field.
async fn shares(plan: &Plan) -> Result<Data, Failure> {
    let Some(field) = plan.group else { return Ok(Data::single("", plan.measure.unit(), Vec::new())) };
    let mut params = plan.params.clone();
    if let Some(period) = plan.period {
        params.0.push(("filter[created_at][gte]".to_owned(), period.start(format::today()).to_string()));
    }
    let groups = records::aggregate(plan.resource, field.name, plan.measure.field(), &params).await?;
    let value = |group: &Group| if plan.measure == Measure::Count { Some(group.count) } else { group.sum };
    let mut keys: Vec<(Json, i64)> =
        groups.iter().map(|group| (group.key.clone(), value(group).unwrap_or_default())).collect();
    if let (Stuff::State, Some(flow)) = (field.kind, plan.resource.flow) {
        // States without records are told as well, unless the query leaves them out.
        let asked = params.0.iter().any(|(name, _)| name.starts_with("filter[status]"));
        let missing = flow.states.iter().filter(|state| !asked && keys.iter().all(|(key, _)| key != state.name));
        let missing: Vec<(Json, i64)> = missing.map(|state| (state.name.into(), 0)).collect();
        keys.extend(missing);
    }
    arrange(plan.resource, field, &mut keys);
    let most = if plan.kind == Kind::Donut && field.kind != Stuff::State { MOST_COLOURS } else { MOST };
    let mut out = Vec::new();
    for (key, value) in keys.iter().take(most) {
        let name = name(plan.resource, field, key).await;
        let href = rows(plan.resource, &narrowed(params.clone(), field, key));
        let label = Label { href: Some(href), ink: tone(plan.resource, field, key), ..Label::new(name) };
        out.push((label, *value));
    }
    if keys.len() > most {
        let rest = keys.iter().skip(most).fold(0_i64, |sum, (_, value)| sum.saturating_add(*value));
        out.push((Label { ink: Some(Ink::Nth(MOST_COLOURS)), ..Label::new(t!("dash.others")) }, rest));
    }
    let by = i18n::field(plan.resource.name, field);
    Ok(Data::single(plan.measure.words(plan.resource), plan.measure.unit(), out).by(by))
}

/// States in the order of their flow, everything else by size.
fn arrange(resource: &Resource, field: &Field, keys: &mut [(Json, i64)]) {
    let states = resource.flow.filter(|_| field.kind == Stuff::State).map(|flow| flow.states).unwrap_or_default();
    let place = |key: &Json| states.iter().position(|state| key == state.name).unwrap_or(usize::MAX);
    keys.sort_by(|(a, x), (b, y)| place(a).cmp(&place(b)).then(y.cmp(x)).then(a.to_string().cmp(&b.to_string())));
}

fn tone(resource: &Resource, field: &Field, key: &Json) -> Option<Ink> {
    let flow = resource.flow.filter(|_| field.kind == Stuff::State)?;
    Some(Ink::Tone(flow.state(key.as_str()?)?.tone))
}

/// The same rows with one value of a field.
fn narrowed(mut params: Params, field: &Field, key: &Json) -> Params {
    let plain = match key {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    };
    // One value instead of several of the same field.
    params.0.retain(|(name, _)| name != &format!("filter[{}][in]", field.name));
    if key.is_null() {
        params.with(&format!("filter[{}][empty]", field.name), "true")
    } else {
        params.with(&format!("filter[{}]", field.name), &plain)
    }
}

/// What a value is called; of a record its name, as far as it may be read.
async fn name(resource: &'static Resource, field: &'static Field, key: &Json) -> String {
    if key.is_null() {
        return t!("dash.none");
    }
    let target = match field.kind {
        Stuff::Reference(name) => registry::by_name(name),
        Stuff::User => registry::by_name("user"),
        _ => None,
    };
    match (target, key.as_str()) {
        (Some(target), Some(id)) => match records::get(target, id).await {
            Ok(record) => name_of(target, &record),
            Err(_) => id.chars().take(8).collect(),
        },
        _ => format::value(resource.name, field, key),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn field(name: &str) -> &'static Field {
        registry::by_name("warranty").unwrap().field(name).unwrap()
    }

    #[test]
    fn a_value_narrows_to_its_rows() {
        let open = Params::parse("filter[status][in]=pending,generated&filter[kind]=exchange");
        let one = narrowed(open.clone(), field("status"), &"pending".into());
        assert_eq!(one.text(), "filter[kind]=exchange&filter[status]=pending");
        assert_eq!(narrowed(Params::default(), field("owner_id"), &Json::Null).text(), "filter[owner_id][empty]=true");
    }

    #[test]
    fn states_keep_the_order_of_the_flow() {
        let resource = registry::by_name("warranty").unwrap();
        let mut keys = vec![("checked".into(), 9), ("pending".into(), 1), ("generated".into(), 5)];
        arrange(resource, field("status"), &mut keys);
        let names: Vec<_> = keys.iter().filter_map(|(key, _)| key.as_str()).collect();
        assert_eq!(names, ["pending", "generated", "checked"]);
        let mut keys = vec![("b".into(), 1), ("c".into(), 9), (Json::Null, 4)];
        arrange(resource, field("channel"), &mut keys);
        assert_eq!(keys.iter().map(|(_, n)| *n).collect::<Vec<_>>(), [9, 4, 1]);
    }
}
