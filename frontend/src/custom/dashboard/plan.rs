//! What a kept widget means here: its names looked up in the declarations. A
//! widget of something that is gone, or that the person may not read any more,
//! means nothing and says so.

use conexao_domain::{
    kernel::{
        field::{Field, Kind as Stuff},
        resource::Resource,
    },
    registry,
};

use super::{
    scope::{self, Scope},
    time::Period,
};
use crate::{
    api::{
        Params,
        dashboard::{Interval, Kind, Widget},
    },
    i18n,
    state::app,
    t, td,
    ui::chart::{Form, Unit},
};

/// Most points of a series that the server tells of, and about how many values a split has.
const POINTS: u32 = 400;
const LINES: u32 = 6;

/// What is counted or added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    Count,
    Sum(&'static Field),
}

impl Measure {
    /// Reads `count` or `sum:total`.
    pub fn parse(resource: &'static Resource, text: &str) -> Option<Self> {
        if text == "count" {
            return Some(Self::Count);
        }
        let field = resource.field(text.strip_prefix("sum:")?)?;
        is_number(field).then_some(Self::Sum(field))
    }

    pub const fn field(self) -> Option<&'static str> {
        match self {
            Self::Count => None,
            Self::Sum(field) => Some(field.name),
        }
    }

    pub const fn unit(self) -> Unit {
        match self {
            Self::Count => Unit::Count,
            Self::Sum(field) => match field.kind {
                Stuff::Money => Unit::Money,
                Stuff::Quantity => Unit::Quantity,
                _ => Unit::Count,
            },
        }
    }

    /// What the numbers are called.
    pub fn words(self, resource: &Resource) -> String {
        match self {
            Self::Count => t!("dash.count"),
            Self::Sum(field) => i18n::field(resource.name, field),
        }
    }
}

/// Whether a field can be added up.
pub fn is_number(field: &Field) -> bool {
    !field.personal
        && field.name != "version"
        && matches!(field.kind, Stuff::Money | Stuff::Quantity | Stuff::Integer { .. })
}

/// A widget with everything it names.
#[derive(Debug, Clone)]
pub struct Plan {
    pub kind: Kind,
    pub resource: &'static Resource,
    pub params: Params,
    pub query: String,
    pub measure: Measure,
    pub group: Option<&'static Field>,
    pub split: Option<&'static Field>,
    pub interval: Option<Interval>,
    pub period: Option<Period>,
    pub rows: u8,
}

impl Plan {
    /// The plan of a widget about a resource; none for what cannot be shown here.
    pub fn of(widget: &Widget) -> Option<Self> {
        let resource = registry::by_name(&widget.resource).filter(|resource| app().session.may(resource, "read"))?;
        Self::read(resource, widget)
    }

    /// The same for whoever may.
    fn read(resource: &'static Resource, widget: &Widget) -> Option<Self> {
        let named = |name: &Option<String>| match name {
            None => Some(None),
            Some(name) => resource.filterable(name).map(Some),
        };
        let plan = Self {
            kind: widget.kind,
            resource,
            params: Params::parse(&widget.query),
            query: widget.query.clone(),
            measure: Measure::parse(resource, &widget.measure)?,
            group: named(&widget.group)?,
            split: named(&widget.split)?,
            interval: widget.interval,
            period: widget.period.as_deref().and_then(Period::parse),
            rows: widget.h,
        };
        let whole = match plan.kind {
            Kind::Donut | Kind::Funnel => plan.group.is_some(),
            Kind::Bar => plan.group.is_some() || plan.interval.is_some(),
            _ => true,
        };
        whole.then_some(plan)
    }

    /// The moment that makes a series: the group when it is one, else when records were made.
    pub fn clock(&self) -> &'static str {
        let own = self.group.filter(|field| is_time(field));
        own.map_or("created_at", |field| field.name)
    }

    /// Whether the chart goes along time.
    pub fn is_series(&self) -> bool {
        match self.kind {
            Kind::Line | Kind::Stacked | Kind::Heat => true,
            Kind::Bar => self.group.is_none_or(is_time),
            _ => false,
        }
    }

    /// How a chart of it is drawn.
    pub fn form(&self) -> Form {
        match self.kind {
            Kind::Line => Form::Line,
            Kind::Stacked => Form::Stacked,
            Kind::Donut => Form::Donut,
            Kind::Funnel => Form::Funnel,
            Kind::Heat => Form::Heat,
            _ if self.is_series() => Form::Bars,
            _ => Form::Rows,
        }
    }

    /// The interval and period of a series.
    pub fn span(&self) -> (Interval, Period) {
        let usual = if self.interval == Some(Interval::Month) { Period::Months(12) } else { Period::Days(30) };
        let period = self.period.unwrap_or(usual);
        let interval = self.interval.unwrap_or_else(|| period.usual());
        let lines = if self.split.is_some() { LINES } else { 1 };
        // The server tells of no more points than are readable; longer intervals need fewer.
        let fits = |interval: &Interval| period.points(*interval) * lines <= POINTS;
        let coarser = [Interval::Day, Interval::Week, Interval::Month].into_iter().skip_while(|one| *one != interval);
        (coarser.into_iter().find(fits).unwrap_or(Interval::Month), period)
    }

    /// What the widget is called when nobody named it.
    pub fn name(&self) -> String {
        let what = i18n::resources(self.resource);
        let field = |field: &Field| i18n::field(self.resource.name, field);
        match (self.kind, self.group) {
            (Kind::Kpi, _) => match self.measure {
                Measure::Count => what,
                Measure::Sum(sum) => format!("{what}: {}", field(sum)),
            },
            (Kind::List, _) => match scope::of(self.resource, &self.query) {
                None | Some(Scope::All) => t!("home.recent", what = what),
                Some(scope) => format!("{what} {}", scope.words(self.resource)),
            },
            _ if self.is_series() => {
                let each = td!("dash.each.", self.span().0.name());
                let over_time = || t!("dash.over_time", what = what, each = each);
                self.split.map_or_else(over_time, |split| t!("dash.by", what = what, name = field(split)))
            }
            (_, Some(group)) if group.kind == Stuff::State => t!("home.by_state", what = what),
            (_, Some(group)) => t!("dash.by", what = what, name = field(group)),
            _ => what,
        }
    }

    /// What is counted, of what, since when: below the name.
    pub fn about(&self) -> String {
        let measure = match self.measure {
            Measure::Count => None,
            Measure::Sum(_) if self.kind == Kind::Kpi => None,
            Measure::Sum(_) => Some(self.measure.words(self.resource)),
        };
        let whole = self.kind == Kind::Kpi && self.query.is_empty() && self.period.is_none();
        let named = self.kind == Kind::List && scope::of(self.resource, &self.query).is_some();
        let words = match (whole, named) {
            (true, _) => t!("home.total"),
            // Its name says it already.
            (_, true) => String::new(),
            _ => scope::words(self.resource, &self.query),
        };
        let scope = Some(words).filter(|words| !words.is_empty());
        let shown = self.period.or_else(|| self.is_series().then(|| self.span().1));
        let parts: Vec<String> = measure.into_iter().chain(scope).chain(shown.map(Period::words)).collect();
        parts.join(" · ")
    }
}

/// Whether a field is a point in time.
pub fn is_time(field: &Field) -> bool {
    matches!(field.kind, Stuff::Date | Stuff::Instant)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn widget(text: &str) -> Widget {
        serde_json::from_str(text).unwrap()
    }

    fn plan(text: &str) -> Option<Plan> {
        let widget = widget(text);
        Plan::read(registry::by_name(&widget.resource)?, &widget)
    }

    #[test]
    fn names_are_looked_up() {
        let kpi = plan(r#"{"id":"a","kind":"kpi","resource":"warranty","measure":"sum:total","w":1,"h":1}"#).unwrap();
        assert_eq!((kpi.measure.unit(), kpi.measure.field()), (Unit::Money, Some("total")));
        let bar = plan(r#"{"id":"a","kind":"bar","resource":"warranty","group":"status","w":2,"h":2}"#).unwrap();
        assert_eq!((bar.form(), bar.is_series()), (Form::Rows, false));
        assert_eq!(bar.name(), "Garantias e trocas por situação");
        let days = plan(r#"{"id":"a","kind":"bar","resource":"warranty","group":"deadline","w":2,"h":2}"#).unwrap();
        assert_eq!((days.form(), days.clock()), (Form::Bars, "deadline"));
    }

    #[test]
    fn what_is_gone_means_nothing() {
        for text in [
            r#"{"id":"a","kind":"kpi","resource":"dragon","w":1,"h":1}"#,
            r#"{"id":"a","kind":"bar","resource":"warranty","group":"colour","w":1,"h":1}"#,
            r#"{"id":"a","kind":"donut","resource":"warranty","w":1,"h":1}"#,
            r#"{"id":"a","kind":"kpi","resource":"warranty","measure":"sum:number","w":1,"h":1}"#,
        ] {
            assert!(plan(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_widget_survives_the_trip() {
        let text = r#"{"id":"a","kind":"stacked","resource":"warranty","query":"filter[kind]=exchange","split":"status","measure":"count","interval":"week","period":"90d","w":2,"h":2}"#;
        assert_eq!(serde_json::to_string(&widget(text)).unwrap(), text);
    }
}
