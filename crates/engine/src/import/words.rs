//! How files call things: headers brought to one form, and the names that back
//! offices use for our fields.

use conexao_domain::kernel::value::fold;

/// A header in lower case without accents, its words parted by one space:
/// `nomeFantasia`, `NOME_FANTASIA` and `Nome fantasia *` are the same.
pub(crate) fn normalise(header: &str) -> String {
    let mut parted = String::with_capacity(header.len() + 4);
    let mut low = false;
    for c in header.chars() {
        if low && c.is_uppercase() {
            parted.push(' ');
        }
        low = c.is_lowercase();
        parted.push(c);
    }
    let words: String = fold(&parted).chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The header without what only says whose it is or which one: `email cliente`
/// and `telefone 2` are e-mail and telephone.
pub(crate) fn essence(normalised: &str) -> String {
    let idle = |word: &&str| {
        let number = word.chars().all(|c| c.is_ascii_digit());
        !number && !among(IDLE, word)
    };
    let words = normalised.split(' ').map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()));
    words.filter(|word| !word.is_empty()).filter(idle).collect::<Vec<_>>().join(" ")
}

/// Whether a text is one of a list parted by `|`.
fn among(list: &str, text: &str) -> bool {
    list.split('|').any(|one| one == text)
}

/// Words that say whose a value is, or that it is one.
const IDLE: &str = "a|client|cliente|com|customer|da|de|devedor|do|dos|e|first|main|n|no|nr|num|o|of|principal|sacado|\
    the|tomador";

/// Field → what files call it, the surest first, parted by `|`. Fields of one
/// name are the same thing in every resource.
const NAMES: &[(&str, &str)] = &[
    (
        "name",
        "razao social|nome razao social|razao social nome|nome completo|nome|nome cliente|\
         nome do cliente|cliente nome|nome devedor|nome do devedor|nome sacado|nome empresarial|razao|\
         denominacao|cliente|customer name|company name|full name|customer|devedor|sacado|contato nome",
    ),
    ("trade_name", "nome fantasia|fantasia|nome de fantasia|apelido|trading name|nome comercial"),
    (
        "document",
        "cpf cnpj|cnpj cpf|cpfcnpj|cnpjcpf|cpf|cnpj|documento|num documento|numero documento|\
         numero do documento|nr documento|doc|cpf do cliente|cnpj do cliente|cpf cnpj do cliente|cgc|\
         cnpj completo|tax id|document number",
    ),
    ("state_registration", "inscricao estadual|insc estadual|inscr estadual|ie|rg ie|ie rg|state registration"),
    (
        "birth_date",
        "data de nascimento|data nascimento|dt nascimento|dt nasc|data nasc|nascimento|nasc|aniversario|\
         date of birth|birthday|dob",
    ),
    ("kind", "tipo de pessoa|tipo pessoa|pessoa|natureza|pf pj|fisica juridica|person type"),
    ("notes", "obs|observacao|observacoes|anotacoes|comentarios|notas|remarks|comments"),
    ("tags", "tags|marcadores|etiqueta|grupo|segmento|categoria|classificacao"),
    ("owner_id", "vendedor|responsavel pela conta|consultor|atendente|account owner"),
    (
        "phone",
        "telefone|fone|tel|telefones|telefone fixo|fixo|fone fixo|telefone comercial|fone comercial|\
         telefone residencial|telefone contato|celular|cel|fone celular|telefone celular|tel celular|\
         movel|ddd telefone|telefone com ddd|mobile|mobile phone|phone number|telephone|contato|phone",
    ),
    ("whatsapp", "whatsapp|whats|wpp|zap|whats app|celular whatsapp|fone whatsapp|telefone whatsapp"),
    ("email", "email|e mail|mail|correio eletronico|endereco eletronico|email address|emails"),
    ("cep", "cep|codigo postal|zip|zip code|zipcode|postal code|postcode"),
    (
        "street",
        "logradouro|endereco|rua|end|endereco logradouro|nome logradouro|nome do logradouro|\
         endereco completo|endereco rua|address|street address|address line|avenida",
    ),
    ("number", "numero|numero endereco|numero do endereco|num|nro|endereco numero|numero imovel"),
    ("complement", "complemento|compl|endereco complemento|address line 2"),
    ("district", "bairro|distrito|endereco bairro|neighborhood|district"),
    ("city", "cidade|municipio|nome municipio|nome do municipio|localidade|cidade nome|town|city"),
    (
        "municipality",
        "codigo ibge|cod ibge|ibge|municipio ibge|codigo municipio|cod municipio|codigo do municipio|\
         codigo municipio ibge|cidade ibge|municipio",
    ),
    ("uf", "uf|estado|sigla uf|uf sigla|endereco uf|state"),
    ("order_number", "pedido|numero pedido|numero do pedido|order|order number|nr pedido"),
    ("product", "produto|descricao produto|descricao|item|product name"),
    ("sku", "sku|codigo produto|codigo do produto|cod produto|referencia"),
    ("quantity", "quantidade|qtd|qtde|quant|qty"),
    ("unit_price", "valor unitario|preco unitario|preco|vl unitario|valor|price"),
    ("serial", "numero de serie|numero serie|serie|ns|serial number"),
    ("deadline", "prazo|data limite|vencimento|due date"),
];

/// Headers of a part that stands before the value of a field.
const PARTS: &[(&str, &str)] =
    &[("street", "tipo logradouro|tipo de logradouro|tp logradouro|tipo do logradouro|tipo endereco")];

/// Headers of area codes that belong to the phone in the next column.
const AREA_CODES: &str = "ddd|area code|cod area|codigo de area|ddd fone|ddd celular";

/// Headers of the identifier that another system gave.
const CODES: &str = "id|codigo|cod|codigo cliente|cod cliente|codigo do cliente|id cliente|id externo|codigo externo|\
    cod ext|cod externo|external id|externalid|customer id|codigo erp|id erp|codigo legado|matricula";

/// Where a header stands among the names of a field: 0 is the surest.
pub(crate) fn rank(field: &str, normalised: &str) -> Option<usize> {
    let (_, names) = NAMES.iter().find(|(name, _)| *name == field)?;
    names.split('|').position(|name| name == normalised)
}

/// Whether the header is that of a part of the field.
pub(crate) fn is_part(field: &str, normalised: &str) -> bool {
    PARTS.iter().any(|(name, parts)| *name == field && among(parts, normalised))
}

pub(crate) fn is_area_code(normalised: &str) -> bool {
    among(AREA_CODES, &essence(normalised)) || among(AREA_CODES, normalised)
}

pub(crate) fn is_code(normalised: &str) -> bool {
    among(CODES, normalised)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_have_one_form() {
        for header in ["nomeFantasia", "NOME_FANTASIA", " Nome  fantasia *", "nome-fantasia", "Nome Fantasía"] {
            assert_eq!(normalise(header), "nome fantasia", "{header}");
        }
        assert_eq!(normalise("CPF/CNPJ"), "cpf cnpj");
        assert_eq!(normalise("***"), "");
    }

    #[test]
    fn what_says_whose_it_is_says_little() {
        for (header, rest) in
            [("email cliente", "email"), ("telefone 2", "telefone"), ("fone1", "fone"), ("cliente", "")]
        {
            assert_eq!(essence(header), rest, "{header}");
        }
    }

    #[test]
    fn names_are_written_in_their_form_and_once_per_field() {
        for (field, names) in NAMES {
            for (at, name) in names.split('|').enumerate() {
                assert_eq!(normalise(name), name, "{field}");
                assert_eq!(rank(field, name), Some(at), "{field}: {name} twice");
            }
        }
    }
}
