use conexao_integrations::email::template::{Brand, Language, Own, Rendered, Template, Templates};
use serde_json::{Value, json};

fn brand() -> Brand {
    Brand::new("Empresa <Ltda>", "https://crm.empresa.com.br").unwrap().footer("Rua das Flores, 1 – São Paulo")
}

fn values(template: Template) -> Value {
    let url = "https://crm.empresa.com.br/x?a=1&b=2";
    let base =
        json!({"name": "João <script>", "action_url": url, "expires": "21/11/2026 18:00", "address": "203.0.113.9"});
    let more = match template {
        Template::Welcome => json!({"tenant": "Empresa"}),
        Template::Invitation => json!({"tenant": "Empresa", "inviter": "Maria"}),
        Template::PasswordRecovery | Template::EmailConfirmation => json!({}),
        Template::Notification => {
            json!({"title": "Garantia GR-000123", "body": "Linha 1\nLinha 2", "action": null, "unsubscribe_url": "https://crm.empresa.com.br/u/1"})
        }
        Template::Digest => json!({"period": "hoje", "more": 3, "items": [
            {"title": "Chamado <1>", "body": "aberto", "url": url, "when": "09:10"},
            {"title": "Chamado 2", "body": null, "url": url, "when": "10:20"},
        ]}),
        Template::WebhookDisabled => {
            json!({"webhook": "ERP", "url": "https://erp.test/hook", "since": "20/11", "error": "500 <html>"})
        }
        Template::NewDevice => json!({"device": "Firefox", "place": "São Paulo", "when": "agora"}),
        Template::Renewal => json!({"title": "Token"}),
    };
    let mut all = base;
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    all
}

fn render(template: Template, language: Language) -> Rendered {
    Templates::new().unwrap().render(template, language, &brand(), values(template)).unwrap()
}

#[test]
fn every_template_renders_in_every_language() {
    for template in Template::ALL {
        let [pt, en] = Language::ALL.map(|language| render(template, language));
        for rendered in [&pt, &en] {
            let name = template.as_str();
            assert!(!rendered.subject.is_empty() && !rendered.subject.contains('\n'), "{name}");
            assert!(!rendered.text.contains("&lt;") && !rendered.text.contains("<p"), "{name}: {}", rendered.text);
            assert!(rendered.text.contains("https://crm.empresa.com.br/x?a=1&b=2"), "{name}: {}", rendered.text);
            assert!(
                rendered.html.contains("href=\"https:&#x2f;&#x2f;crm.empresa.com.br&#x2f;x?a=1&amp;b=2\""),
                "{name}: {}",
                rendered.html
            );
            assert!(
                rendered.html.contains("prefers-color-scheme: dark") && rendered.html.contains("#005e6e"),
                "{name}"
            );
            assert!(rendered.html.contains("Empresa &lt;Ltda&gt;") && !rendered.html.contains("<script>"), "{name}");
            assert!(!rendered.html.contains("{{") && !rendered.text.contains("{%"), "{name}");
        }
        assert!(pt.html.contains("lang=\"pt-BR\"") && en.html.contains("lang=\"en\""));
        assert_ne!(pt.text, en.text);
    }
}

#[test]
fn only_what_can_be_unsubscribed_says_so() {
    assert!(render(Template::Notification, Language::PtBr).text.contains("https://crm.empresa.com.br/u/1"));
    assert!(!render(Template::PasswordRecovery, Language::PtBr).html.contains("Não receber mais"));
}

#[test]
fn lists_and_paragraphs_are_whole() {
    let digest = render(Template::Digest, Language::PtBr);
    assert!(digest.text.contains("* Chamado <1> (09:10)\n  aberto\n"), "{}", digest.text);
    assert!(digest.html.contains("Chamado &lt;1&gt;") && digest.html.contains("e mais 3"));
    let news = render(Template::Notification, Language::En);
    assert_eq!(news.html.matches("16px;\">Linha ").count(), 2, "{}", news.html);
}

#[test]
fn a_missing_value_is_an_error() {
    let templates = Templates::new().unwrap();
    for template in Template::ALL {
        let error = templates.render(template, Language::En, &brand(), json!({})).unwrap_err();
        assert!(error.place.starts_with("en/"), "{error}");
    }
}

#[test]
fn tenants_write_their_own() {
    let templates = Templates::new().unwrap();
    let own = |subject: &str, text: &str, html: &str| {
        let own = Own { subject: subject.into(), text: text.into(), html: html.into() };
        templates.render_own(&own, Language::PtBr, &brand(), values(Template::Welcome))
    };
    let html = "{% extends \"layout.html\" %}{% block content %}<p>{{ name }}</p>{% endblock %}";
    let rendered = own("Oi\n{{ name }}", "Olá {{ name }}", html).unwrap();
    assert_eq!((rendered.subject.as_str(), rendered.text.as_str()), ("Oi João <script>", "Olá João <script>"));
    assert!(rendered.html.contains("<p>João &lt;script&gt;</p>"));
    assert_eq!(own("x", "a\n{{ nobody }}", "x").unwrap_err().place, "txt:2");
    assert!(own("x", "{% if %}", "x").is_err());
    // Nothing runs for ever, and nothing of the machine is read.
    assert!(own("x", "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}", "x").is_err());
    assert!(own("x", "{% include \"/etc/passwd\" %}", "x").is_err());
    assert!(own("x", &"x".repeat(200_000), "x").is_err());
}
