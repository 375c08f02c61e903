#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{fs, path::PathBuf};

use conexao_domain::{after_sales::warranty::WARRANTY, customers::customer::CUSTOMER};
use conexao_integrations::tabular::detect;

use super::*;

fn shape(content: &str) -> Shape {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, content).unwrap();
    detect(&path, "a.csv").unwrap()
}

/// Header → target, for columns that go somewhere.
fn mapped(resource: &'static Resource, content: &str) -> Vec<(String, String)> {
    let shape = shape(content);
    let pairs =
        suggest(resource, &shape).into_iter().filter_map(|m| Some((shape.columns[m.column].header.clone(), m.field?)));
    pairs.collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[test]
fn headers_of_back_offices_are_known() {
    let content = "NOME DEVEDOR;CPF_CNPJ;FONE1;FONE2;EMAIL;COD_EXT;OBS\n\
        Brás Cubas;60511822800;11 90000-0151;(11) 3333-4444;bras@example.com;AF-71600;x\n";
    let expected = [
        ("NOME DEVEDOR", "name"),
        ("CPF_CNPJ", "document"),
        ("FONE1", "contacts.phone"),
        ("FONE2", "contacts.phone"),
        ("EMAIL", "contacts.email"),
        ("COD_EXT", "external_ids.cod_ext"),
        ("OBS", "notes"),
    ];
    assert_eq!(mapped(&CUSTOMER, content), pairs(&expected));
}

#[test]
fn a_register_of_companies_maps_by_itself() {
    let header = "cnpj;cnpj_basico;matriz_filial;razao_social;nome_fantasia;situacao_cadastral;nome_cidade_exterior;nm_pais;\
        data_inicio_atividades;tipo_logradouro;logradouro;numero;complemento;bairro;cep;uf;municipio;capital_social;ente_federativo_responsavel";
    let row = "11222333000181;11222333;1;PADARIA BOA LTDA;BOA;02;;;19820225;RUA;MACHADO DE ASSIS;325;SALA 1;CENTRO;75680001;GO;9289;0;";
    let expected = [
        ("cnpj", "document"),
        ("razao_social", "name"),
        ("nome_fantasia", "trade_name"),
        ("tipo_logradouro", "addresses.street"),
        ("logradouro", "addresses.street"),
        ("numero", "addresses.number"),
        ("complemento", "addresses.complement"),
        ("bairro", "addresses.district"),
        ("cep", "addresses.cep"),
        ("uf", "addresses.uf"),
        ("municipio", "addresses.city"),
    ];
    // `situacao_cadastral` holds codes of its own, which are not ours.
    assert_eq!(mapped(&CUSTOMER, &format!("{header}\n{row}\n")), pairs(&expected));
}

#[test]
fn values_decide_where_headers_do_not() {
    let content =
        "Coluna A;Coluna B;Coluna C\n529.982.247-25;ana@example.com;Ana\n390.533.447-05;bia@example.com;Bia\n";
    let shape = shape(content);
    let mapping = suggest(&CUSTOMER, &shape);
    let fields: Vec<Option<&str>> = mapping.iter().map(|m| m.field.as_deref()).collect();
    assert_eq!(fields, [Some("document"), Some("contacts.email"), None]);
    assert!(mapping.iter().filter_map(|m| m.confidence).all(|confidence| confidence < SURE));
}

#[test]
fn a_city_is_a_name_and_a_municipality_a_code() {
    let with =
        |value: &str, uf: &str| mapped(&CUSTOMER, &format!("nome;municipio;uf\nAna;{value};{uf}\nBia;{value};{uf}\n"));
    assert!(with("São Paulo", "SP").contains(&("municipio".to_owned(), "addresses.city".to_owned())));
    assert!(with("3550308", "SP").contains(&("municipio".to_owned(), "addresses.municipality".to_owned())));
    assert!(
        with("7107", "SP").contains(&("municipio".to_owned(), "addresses.city".to_owned())),
        "the tax office's code"
    );
}

#[test]
fn person_and_company_columns_share_a_field() {
    let content = "nome;CPF;CNPJ\nAna;529.982.247-25;\nBoa Ltda;;11.222.333/0001-81\n";
    let documents = mapped(&CUSTOMER, content).into_iter().filter(|(_, target)| target == "document").count();
    assert_eq!(documents, 2);
}

#[test]
fn an_area_code_goes_with_its_phone() {
    let content = "nome;DDD;Telefone\nAna;11;98765-4321\nBia;21;3333-4444\n";
    let expected = [("nome", "name"), ("DDD", "contacts.phone"), ("Telefone", "contacts.phone")];
    assert_eq!(mapped(&CUSTOMER, content), pairs(&expected));
}

#[test]
fn our_own_exports_map_to_what_they_came_from() {
    let content = "Nome ou razão social;CPF ou CNPJ;Telefone;Contatos: WhatsApp;Contatos: E-mail;Cidade;Endereços: Cidade;Endereços: UF\n\
        Ana;529.982.247-25;(11) 98765-4321;(11) 98765-4321;ana@example.com;São Paulo;São Paulo;SP\n";
    let expected = [
        ("Nome ou razão social", "name"),
        ("CPF ou CNPJ", "document"),
        ("Contatos: WhatsApp", "contacts.whatsapp"),
        ("Contatos: E-mail", "contacts.email"),
        ("Endereços: Cidade", "addresses.city"),
        ("Endereços: UF", "addresses.uf"),
    ];
    assert_eq!(mapped(&CUSTOMER, content), pairs(&expected));
}

#[test]
fn other_resources_map_by_their_labels() {
    let content = "Cliente;Tipo;SKU;Produto;Motivo;Quantidade;Valor unitário\n\
        Ana;Garantia;A1;Placa;não liga;2;10,50\nBia;Troca;A2;Mesa;quebrada;1;1.210,00\n";
    let expected = [
        ("Cliente", "customer_id"),
        ("Tipo", "kind"),
        ("SKU", "items.sku"),
        ("Produto", "items.product"),
        ("Motivo", "items.reason"),
        ("Quantidade", "items.quantity"),
        ("Valor unitário", "items.unit_price"),
    ];
    assert_eq!(mapped(&WARRANTY, content), pairs(&expected));
}

#[test]
fn a_layout_is_told_by_its_headers() {
    let layout = |content: &str| layout(&shape(content));
    let first = layout("Nome;CPF\nAna;1\n");
    assert_eq!(first, layout("NOME,cpf\nBia,2\n"));
    assert_eq!(first, layout("Nome;CPF;Motivo\nAna;1;errado\n"));
    assert_ne!(first, layout("CPF;Nome\n1;Ana\n"));
}

/// The register of real companies beside the tests of the browser.
#[test]
fn the_real_register_maps_without_help() {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../e2e/data/clientes_pj.csv"].iter().collect();
    let shape = detect(&path, "clientes_pj.csv").unwrap();
    let mapping = suggest(&CUSTOMER, &shape);
    let targets: Vec<&str> = mapping.iter().filter_map(|m| m.field.as_deref()).collect();
    assert_eq!(targets.len(), 11, "{targets:?}");
    assert!(["document", "name", "trade_name", "addresses.cep"].iter().all(|wanted| targets.contains(wanted)));
}
