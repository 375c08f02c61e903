//! Which column goes where: by what its header says, and by what its values are.

use conexao_domain::{
    kernel::{field::Kind, resource::Resource},
    locale::{self, Locale},
};
use conexao_integrations::tabular::{ColumnShape, ContentKind, Shape, values::boolean};

use super::{
    choice::Choices,
    model::ColumnMapping,
    siafi,
    target::{Keyed, Target, word_of},
    words::{essence, is_area_code, is_code, is_part, normalise, rank},
};

/// How sure a suggestion is, in percent. From [`SURE`] on nobody needs to look twice.
const WHOLE_LABEL: u8 = 100;
const LABEL: u8 = 95;
/// The surest customary name; each further one says a little less.
const NAME: u8 = 90;
const LEAST_NAME: u8 = 75;
/// Taken off when the header says more than the name.
const SURPLUS: u8 = 10;
/// Only the values say it.
const CONTENT: u8 = 55;
pub(crate) const SURE: u8 = 70;

/// A target and everything that may name it.
struct Candidate {
    target: Target,
    /// Labels with the lines they belong to, as exports write them.
    whole: Vec<String>,
    labels: Vec<String>,
    /// Name of the field, or the key, by which customary names are found.
    base: String,
    choices: Option<Choices>,
}

impl Candidate {
    fn new(resource: &'static Resource, target: Target) -> Self {
        let labels =
            |label: &dyn Fn(Locale) -> String| Locale::ALL.iter().map(|l| normalise(&label(*l))).collect::<Vec<_>>();
        let name = target.name();
        let base = name.rsplit('.').next().unwrap_or_default().to_owned();
        let mut whole = labels(&|locale| target.label(resource, locale));
        whole.push(normalise(&name));
        let mut own = labels(&|locale| target.own_label(resource, locale));
        own.push(normalise(&base));
        let choices = match (&target, target.kind()) {
            (Target::Line { lines, field, .. }, Kind::Choice(options)) => {
                Some(Choices::of(lines.table, field.name, options))
            }
            (_, Kind::Choice(options)) => Some(Choices::of(resource.name, &base, options)),
            _ => None,
        };
        Self { target, whole, labels: own, base, choices }
    }

    /// How well the column fits, 0 for not at all.
    fn score(&self, column: &ColumnShape, header: &str) -> u8 {
        let named = self.named(header);
        let score = if named > 0 { named } else { self.by_content(column) };
        if score > 0 && self.agrees(column) { score } else { 0 }
    }

    fn named(&self, header: &str) -> u8 {
        let whole = self.whole.iter().any(|label| label == header);
        if whole {
            return if self.target.owner().is_some() { WHOLE_LABEL } else { LABEL + 2 };
        }
        // The labels of a list of keys and values are too general to stand alone.
        let general = matches!(self.target, Target::Line { lines, .. } if Keyed::of(lines).is_some());
        if general || header.is_empty() {
            return 0;
        }
        if self.labels.iter().any(|label| label == header) {
            return LABEL - u8::from(self.target.owner().is_some());
        }
        let customary = |text: &str| {
            let at = u8::try_from(rank(&self.base, text)?).unwrap_or(u8::MAX);
            Some(NAME.saturating_sub(at).max(LEAST_NAME))
        };
        let essential = || {
            let essence = essence(header);
            let labelled = self.labels.contains(&essence).then_some(LABEL - 1);
            labelled.or_else(|| customary(&essence)).map(|score| score - SURPLUS)
        };
        customary(header).or_else(essential).unwrap_or_default()
    }

    fn by_content(&self, column: &ColumnShape) -> u8 {
        let says_all = match (column.kind, self.target.kind()) {
            (ContentKind::Cpf | ContentKind::Cnpj | ContentKind::CpfCnpj, Kind::CpfCnpj)
            | (ContentKind::Email, Kind::Email)
            | (ContentKind::Cep, Kind::Cep)
            | (ContentKind::Uf, Kind::Uf) => true,
            (ContentKind::Phone, Kind::Phone) => self.base == "phone",
            _ => false,
        };
        if says_all { CONTENT } else { 0 }
    }

    /// Whether the values are not of another kind altogether.
    fn agrees(&self, column: &ColumnShape) -> bool {
        use ContentKind as C;
        // Exports write several lines of a record into one cell.
        let lines = || column.samples.iter().flat_map(|sample| sample.split('\n'));
        let samples = || lines().map(str::trim).filter(|sample| !sample.is_empty());
        match self.target.kind() {
            _ if column.kind == C::Empty => true,
            Kind::Text { .. } if WORDED.contains(&self.base.as_str()) => {
                let by_code = || self.base == "city" && samples().all(|code| siafi::city(code).is_some());
                matches!(column.kind, C::Text | C::Uf | C::Boolean) || by_code()
            }
            Kind::CpfCnpj => matches!(column.kind, C::Cpf | C::Cnpj | C::CpfCnpj | C::Integer | C::Text),
            Kind::Phone => !matches!(column.kind, C::Email | C::Date { .. } | C::Uf | C::Boolean),
            Kind::Email => matches!(column.kind, C::Email | C::Text),
            Kind::Cep => matches!(column.kind, C::Cep | C::Integer | C::Text),
            Kind::Uf => matches!(column.kind, C::Uf | C::Text),
            // A code of four digits is the tax office's, which is no IBGE code.
            Kind::Municipality => samples().all(|code| code.len() == 7 && code.bytes().all(|b| b.is_ascii_digit())),
            Kind::Date | Kind::Instant => matches!(column.kind, C::Date { .. } | C::Text),
            Kind::Integer { .. } | Kind::Money | Kind::Rate | Kind::Quantity => {
                matches!(column.kind, C::Integer | C::Decimal { .. } | C::Text)
            }
            Kind::Boolean => samples().all(|sample| boolean::parse(sample).is_some()),
            Kind::Choice(_) => {
                let known = |choices: &Choices| samples().filter(|sample| choices.read(sample).is_some()).count();
                self.choices.as_ref().is_some_and(|choices| known(choices) * 2 > samples().count())
            }
            _ => true,
        }
    }

    /// Whether a further column may feed the target beside those that do.
    fn shares(&self, score: u8, others: &[&ColumnShape], column: &ColumnShape) -> bool {
        match (&self.target, self.target.kind()) {
            (Target::Value { .. }, _) => score >= SURE,
            (_, Kind::CpfCnpj) => {
                let whose = |kind| matches!(kind, ContentKind::Cpf | ContentKind::Cnpj);
                score >= SURE && whose(column.kind) && others.iter().all(|o| whose(o.kind) && o.kind != column.kind)
            }
            _ => false,
        }
    }
}

/// Fields that hold words, never bare numbers or dates.
const WORDED: &[&str] = &["name", "trade_name", "city", "street", "district", "product"];

/// A suggestion for every column; those nobody recognises go nowhere.
pub(crate) fn suggest(resource: &'static Resource, shape: &Shape) -> Vec<ColumnMapping> {
    let candidates: Vec<Candidate> = Target::all(resource).into_iter().map(|t| Candidate::new(resource, t)).collect();
    let headers: Vec<String> = shape.columns.iter().map(|column| normalise(&column.header)).collect();
    let mut scored: Vec<(u8, usize, usize)> = Vec::new();
    for (column, header) in shape.columns.iter().zip(&headers) {
        let ranked = candidates.iter().enumerate().map(|(at, c)| (c.score(column, header), column.index, at));
        scored.extend(ranked.filter(|(score, ..)| *score > 0));
    }
    only_whole_labels_of_exports(&candidates, &mut scored);
    scored.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut mapping: Vec<ColumnMapping> =
        shape.columns.iter().map(|c| ColumnMapping { column: c.index, field: None, confidence: None }).collect();
    let mut feeding: Vec<Vec<&ColumnShape>> = vec![Vec::new(); candidates.len()];
    for (score, index, at) in scored {
        let (Some(candidate), Some(others), Some(column)) =
            (candidates.get(at), feeding.get_mut(at), shape.columns.get(index))
        else {
            continue;
        };
        let Some(mapped) = mapping.get_mut(index).filter(|m| m.field.is_none()) else { continue };
        if others.is_empty() || candidate.shares(score, others, column) {
            others.push(column);
            mapped.field = Some(candidate.target.name());
            mapped.confidence = Some(score);
        }
    }
    parts(&candidates, &headers, &mut mapping);
    area_codes(&headers, &mut mapping);
    codes(resource, shape, &headers, &mut mapping);
    mapping
}

/// A file that names lines in full (`Contatos: WhatsApp`) is an export: its other
/// columns (`Telefone`, which repeats one of them) are not these lines again.
fn only_whole_labels_of_exports(candidates: &[Candidate], scored: &mut Vec<(u8, usize, usize)>) {
    let owner = |at: usize| candidates.get(at).and_then(|c| c.target.owner()).map(|f| f.name);
    let exported: Vec<&str> = scored.iter().filter(|s| s.0 == WHOLE_LABEL).filter_map(|s| owner(s.2)).collect();
    scored.retain(|(score, _, at)| *score == WHOLE_LABEL || owner(*at).is_none_or(|o| !exported.contains(&o)));
}

/// `tipo_logradouro` before `logradouro`: both make the street.
fn parts(candidates: &[Candidate], headers: &[String], mapping: &mut [ColumnMapping]) {
    for candidate in candidates {
        let name = candidate.target.name();
        let Some(whole) = mapping.iter().find(|m| m.field.as_deref() == Some(&name)).map(|m| m.column) else {
            continue;
        };
        for (mapped, header) in mapping.iter_mut().zip(headers) {
            if mapped.field.is_none() && mapped.column < whole && is_part(&candidate.base, header) {
                mapped.field = Some(name.clone());
                mapped.confidence = Some(LEAST_NAME);
            }
        }
    }
}

/// An area code goes with the phone in the next column.
fn area_codes(headers: &[String], mapping: &mut [ColumnMapping]) {
    let next: Vec<Option<ColumnMapping>> = mapping.iter().skip(1).cloned().map(Some).chain([None]).collect();
    for ((mapped, header), next) in mapping.iter_mut().zip(headers).zip(next) {
        let phone =
            next.and_then(|next| next.field).filter(|f| matches!(f.rsplit('.').next(), Some("phone" | "whatsapp")));
        if is_area_code(header) && phone.is_some() {
            mapped.field = phone;
            mapped.confidence = Some(LEAST_NAME);
        }
    }
}

/// An identifier goes to the codes of other systems, under the name of its column.
fn codes(resource: &Resource, shape: &Shape, headers: &[String], mapping: &mut [ColumnMapping]) {
    let open = |lines| Keyed::of(lines).is_some_and(|keyed| keyed.words().is_empty());
    let Some((owner, _)) = resource.lines().find(|(_, lines)| open(lines)) else { return };
    for ((mapped, header), column) in mapping.iter_mut().zip(headers).zip(&shape.columns) {
        let word = word_of(&column.header);
        if mapped.field.is_none() && is_code(header) && column.kind != ContentKind::Empty && !word.is_empty() {
            mapped.field = Some(format!("{}.{word}", owner.name));
            mapped.confidence = Some(CONTENT);
        }
    }
}

/// Heading of the reason in files of failed rows, in a language.
pub(crate) fn reason_header(locale: Locale) -> String {
    locale::text(locale, "import.reason")
}

/// The same for files with the same columns in the same order, whatever their
/// format; the reason column of a file of failed rows does not count.
pub(crate) fn layout(shape: &Shape) -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    let reasons: Vec<String> = Locale::ALL.iter().map(|locale| normalise(&reason_header(*locale))).collect();
    let named = shape.options.header_row.is_some();
    for column in &shape.columns {
        let header = normalise(&column.header);
        if named && reasons.contains(&header) {
            continue;
        }
        // Without a header only the values tell one layout from another.
        let text = if named { header } else { serde_json::to_string(&column.kind).unwrap_or_default() };
        hash.update([0x1f]);
        hash.update(text.as_bytes());
    }
    let mut text = hex::encode(hash.finalize());
    text.truncate(32);
    text
}

#[cfg(test)]
#[path = "suggest_tests.rs"]
mod tests;
