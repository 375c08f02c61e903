//! Header texts brought to one form, and the words that headers are made of.

/// Letters and digits in lower case without accents, words parted by one
/// space: `"  Data_de Nascimento* "` becomes `"data de nascimento"`.
pub(crate) fn normalise(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars().flat_map(char::to_lowercase).map(unaccented) {
        if !c.is_alphanumeric() {
            gap = !words.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            words.push(' ');
        }
        words.push(c);
    }
    words
}

/// The base letter of the accented letters of Portuguese and its neighbours.
const fn unaccented(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    }
}

/// Words that head a column and hardly ever are a value of one.
const HEADINGS: &[&str] = &[
    "address",
    "bairro",
    "celular",
    "cep",
    "cidade",
    "city",
    "cliente",
    "cnae",
    "cnpj",
    "codigo",
    "complemento",
    "contato",
    "cpf",
    "customer",
    "data",
    "date",
    "descricao",
    "description",
    "documento",
    "dt",
    "email",
    "endereco",
    "estado",
    "fantasia",
    "fone",
    "id",
    "logradouro",
    "mail",
    "municipio",
    "name",
    "nascimento",
    "nome",
    "numero",
    "obs",
    "observacao",
    "pais",
    "parcela",
    "phone",
    "preco",
    "price",
    "produto",
    "qtd",
    "quantidade",
    "razao",
    "rg",
    "rua",
    "saldo",
    "situacao",
    "sku",
    "status",
    "tel",
    "telefone",
    "tipo",
    "total",
    "uf",
    "valor",
    "value",
    "vencimento",
    "vencto",
    "whatsapp",
    "zip",
];

/// Whether a cell reads like the heading of a column.
pub(crate) fn is_heading(text: &str) -> bool {
    text.chars().count() <= 60 && normalise(text).split(' ').any(|word| HEADINGS.binary_search(&word).is_ok())
}

/// Whether a normalised header contains one of these words, whole or as the
/// beginning of a word.
pub(crate) fn mentions(header: &str, stems: &[&str]) -> bool {
    header.split(' ').any(|word| stems.iter().any(|stem| word.starts_with(stem)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_sorted_for_the_search() {
        assert!(HEADINGS.is_sorted());
    }

    #[test]
    fn normalises_headers() {
        assert_eq!(normalise("  Data_de  Nascimento* "), "data de nascimento");
        assert_eq!(normalise("RAZÃO SOCIAL"), "razao social");
        assert_eq!(normalise("***"), "");
        assert!(is_heading("CPF/CNPJ") && is_heading("Nome do cliente") && !is_heading("Ana"));
    }
}
