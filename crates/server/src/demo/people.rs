//! Fictional customers with valid, computed documents.

use conexao_domain::kernel::value::{Cnpj, Cpf};
use serde_json::{Map, Value as Json, json};

const FIRST: &[&str] = &[
    "Fabiano",
    "Macabéa",
    "Policarpo",
    "Capitu",
    "Aurélia",
    "Brás",
    "Iracema",
    "Rubião",
    "Sofia",
    "Diadorim",
    "Riobaldo",
    "Gabriela",
    "Quincas",
    "Luísa",
    "Bento",
    "Ana",
    "Rodrigo",
    "Bibiana",
    "Leonardo",
    "Clara",
];
const LAST: &[&str] = &[
    "Secas", "Oliveira", "Quaresma", "Santiago", "Camargo", "Cubas", "Alencar", "Vaz", "Palha", "Nogueira", "Terra",
    "Cambará", "Borba", "Anjos",
];
const COMPANIES: &[&str] = &[
    "Casa Verde Clínica Ltda.",
    "Armazém Nacib Ltda.",
    "Padaria Sol Nascente Ltda.",
    "Oficina Boa Estrela Ltda.",
    "Escola Grande Sertão S.A.",
    "Livraria Dom Casmurro Ltda.",
];
const CITIES: &[(&str, &str, &str, &str)] = &[
    ("São Paulo", "SP", "3550308", "01310100"),
    ("Rio de Janeiro", "RJ", "3304557", "20010000"),
    ("Belo Horizonte", "MG", "3106200", "30110000"),
    ("Salvador", "BA", "2927408", "40010000"),
    ("Curitiba", "PR", "4106902", "80010000"),
    ("Fortaleza", "CE", "2304400", "60010000"),
    ("Porto Alegre", "RS", "4314902", "90010000"),
    ("Goiânia", "GO", "5208707", "74010000"),
];
const STREETS: &[&str] =
    &["Rua de Matacavalos", "Rua da Glória", "Avenida Central", "Rua das Laranjeiras", "Travessa do Comércio"];

fn pick<T: Copy>(list: &[T], n: usize) -> Option<T> {
    list.get(n % list.len().max(1)).copied()
}

/// Completes a document body with the check digits that make it valid.
fn complete(body: &str, digits: usize, valid: impl Fn(&str) -> bool) -> String {
    let candidates = (0..10_u32.pow(u32::try_from(digits).unwrap_or(2))).map(|n| format!("{body}{n:0digits$}"));
    candidates.into_iter().find(|text| valid(text)).unwrap_or_default()
}

fn cpf(n: usize) -> String {
    complete(&format!("{:09}", 310_442_000 + n * 7919), 2, |text| Cpf::parse(text).is_ok())
}

fn cnpj(n: usize) -> String {
    complete(&format!("{:08}0001", 31_044_200 + n * 7919), 2, |text| Cnpj::parse(text).is_ok())
}

/// Input for the `n`-th demo customer.
pub fn customer(n: usize) -> Map<String, Json> {
    let company = n % 5 == 4;
    let name = if company {
        pick(COMPANIES, n / 5).map(str::to_owned)
    } else {
        pick(FIRST, n).zip(pick(LAST, n / 3 + n)).map(|(f, l)| format!("{f} {l}"))
    };
    let name = name.unwrap_or_default();
    let (city, uf, code, cep) = pick(CITIES, n).unwrap_or(("São Paulo", "SP", "3550308", "01310100"));
    let ddd = ["11", "21", "31", "71", "41", "85", "51", "62"].get(n % 8).copied().unwrap_or("11");
    let user = conexao_domain::kernel::value::fold(&name).replace([' ', '.'], "");
    let input = json!({
        "name": name,
        "kind": if company { "company" } else { "person" },
        "document": if company { cnpj(n) } else { cpf(n) },
        "contacts": [
            { "channel": "whatsapp", "value": format!("({ddd}) 9{:04}-{:04}", 1000 + n * 37 % 9000, n * 71 % 10_000), "main": true, "consent": if n.is_multiple_of(3) { "opt_in" } else { "unknown" } },
            { "channel": "email", "value": format!("{user}{n}@example.com"), "main": true },
        ],
        "addresses": [{ "kind": "main", "cep": cep, "street": pick(STREETS, n), "number": (n * 13 % 900 + 1).to_string(), "district": "Centro", "city": city, "uf": uf, "municipality": code }],
        "external_ids": [{ "source": "tiny", "external_id": (48_000 + n).to_string() }],
        "tags": if n.is_multiple_of(7) { json!(["VIP"]) } else { json!([]) },
        "consent_basis": "contract",
    });
    input.as_object().cloned().unwrap_or_default()
}
