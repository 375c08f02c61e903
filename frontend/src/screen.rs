//! Which screen an address shows, and the address of each screen.

use conexao_domain::{kernel::resource::Resource, registry};

#[derive(Debug, Clone)]
pub enum Screen {
    Login,
    /// Asking for a link to a new password, and choosing it.
    Recover,
    Reset(String),
    /// Joining with an invitation's link.
    Invitation(String),
    /// Asking for an account, and confirming it by a link.
    Register,
    Confirm(String),
    /// Confirming another address of an account.
    NewEmail(String),
    Home,
    List(&'static Resource),
    New(&'static Resource),
    Detail(&'static Resource, String),
    Edit(&'static Resource, String),
    /// The first step of the import wizard.
    Import(&'static Resource),
    /// An import that has its file.
    ImportRun(String),
    Jobs,
    Notifications,
    /// What was deleted.
    Bin,
    Profile,
    /// The audit explorer.
    Audit,
    /// The privacy desk: people found everywhere.
    People,
    /// Log-ins of everybody.
    Access,
    /// Why somebody may do something.
    Why,
    /// The company's settings, and what it is connected to.
    Company,
    Integrations,
    /// The companies of the installation.
    Tenants,
    /// Ways out.
    Channels,
    /// Texts of mail, and one of them by name and language.
    Templates,
    Template(String, String),
    /// Every component in every state, for whoever builds screens.
    Gallery,
    /// Nothing lives here.
    Missing(String),
}

impl Screen {
    /// Reads a path without query.
    pub fn parse(path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let found = match parts.as_slice() {
            [] => Some(Self::Home),
            ["entrar"] => Some(Self::Login),
            ["recuperar"] => Some(Self::Recover),
            ["recuperar", token] => Some(Self::Reset((*token).to_owned())),
            ["cadastro"] => Some(Self::Register),
            ["cadastro", token] => Some(Self::Confirm((*token).to_owned())),
            ["confirmar-email", token] => Some(Self::NewEmail((*token).to_owned())),
            ["convite", token] => Some(Self::Invitation((*token).to_owned())),
            ["tarefas"] => Some(Self::Jobs),
            ["notificacoes"] => Some(Self::Notifications),
            ["lixeira"] => Some(Self::Bin),
            ["perfil"] => Some(Self::Profile),
            ["auditoria"] => Some(Self::Audit),
            ["titulares"] => Some(Self::People),
            ["dados-de-acesso"] => Some(Self::Access),
            ["configuracoes", "empresa"] => Some(Self::Company),
            ["configuracoes", "integracoes"] => Some(Self::Integrations),
            ["instalacao", "empresas"] => Some(Self::Tenants),
            ["papeis", "por-que"] => Some(Self::Why),
            ["canais"] => Some(Self::Channels),
            ["modelos-de-mensagem"] => Some(Self::Templates),
            ["modelos-de-mensagem", name, tag] => Some(Self::Template((*name).to_owned(), (*tag).to_owned())),
            ["dev", "ui"] => Some(Self::Gallery),
            ["importar", route] => registry::by_route(route).map(Self::Import),
            ["importacoes", id] => Some(Self::ImportRun((*id).to_owned())),
            [route, rest @ ..] => registry::by_route(route).and_then(|resource| Self::of(resource, rest)),
        };
        found.unwrap_or_else(|| Self::Missing(path.to_owned()))
    }

    fn of(resource: &'static Resource, rest: &[&str]) -> Option<Self> {
        match rest {
            [] => Some(Self::List(resource)),
            ["novo"] => Some(Self::New(resource)),
            [id] => Some(Self::Detail(resource, (*id).to_owned())),
            [id, "editar"] => Some(Self::Edit(resource, (*id).to_owned())),
            _ => None,
        }
    }

    /// The address, without query.
    pub fn path(&self) -> String {
        match self {
            Self::Login => "/entrar".into(),
            Self::Recover => "/recuperar".into(),
            Self::Reset(token) => format!("/recuperar/{token}"),
            Self::Invitation(token) => format!("/convite/{token}"),
            Self::Register => "/cadastro".into(),
            Self::Confirm(token) => format!("/cadastro/{token}"),
            Self::NewEmail(token) => format!("/confirmar-email/{token}"),
            Self::Home => "/".into(),
            Self::List(resource) => format!("/{}", resource.route),
            Self::New(resource) => format!("/{}/novo", resource.route),
            Self::Detail(resource, id) => format!("/{}/{id}", resource.route),
            Self::Edit(resource, id) => format!("/{}/{id}/editar", resource.route),
            Self::Import(resource) => format!("/importar/{}", resource.route),
            Self::ImportRun(id) => format!("/importacoes/{id}"),
            Self::Jobs => "/tarefas".into(),
            Self::Notifications => "/notificacoes".into(),
            Self::Bin => "/lixeira".into(),
            Self::Profile => "/perfil".into(),
            Self::Audit => "/auditoria".into(),
            Self::People => "/titulares".into(),
            Self::Access => "/dados-de-acesso".into(),
            Self::Company => "/configuracoes/empresa".into(),
            Self::Integrations => "/configuracoes/integracoes".into(),
            Self::Tenants => "/instalacao/empresas".into(),
            Self::Why => "/papeis/por-que".into(),
            Self::Channels => "/canais".into(),
            Self::Templates => "/modelos-de-mensagem".into(),
            Self::Template(name, tag) => format!("/modelos-de-mensagem/{name}/{tag}"),
            Self::Gallery => "/dev/ui".into(),
            Self::Missing(path) => path.clone(),
        }
    }

    /// Whether the screen is for people who cannot come in yet.
    pub const fn is_door(&self) -> bool {
        matches!(
            self,
            Self::Recover
                | Self::Reset(_)
                | Self::Invitation(_)
                | Self::Register
                | Self::Confirm(_)
                | Self::NewEmail(_)
        )
    }

    /// The screen that this one is a part of, where neither is a resource's.
    pub fn above(&self) -> Option<Self> {
        matches!(self, Self::Template(..)).then_some(Self::Templates)
    }

    /// The kind of record the screen is about.
    pub fn resource(&self) -> Option<&'static Resource> {
        match self {
            Self::List(resource)
            | Self::New(resource)
            | Self::Import(resource)
            | Self::Detail(resource, _)
            | Self::Edit(resource, _) => Some(resource),
            _ => None,
        }
    }
}

/// Resources are compared by name: they hold functions, which have no equality.
impl PartialEq for Screen {
    fn eq(&self, other: &Self) -> bool {
        self.path() == other.path()
    }
}

/// The address of a record, when its resource has screens.
pub fn record_path(resource: &str, id: &str) -> Option<String> {
    registry::by_name(resource).map(|resource| Screen::Detail(resource, id.to_owned()).path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_leads_back_to_its_screen() {
        let fixed = [
            "/",
            "/entrar",
            "/recuperar",
            "/recuperar/1-a",
            "/convite/1-a",
            "/cadastro",
            "/cadastro/1-a",
            "/confirmar-email/1-a",
            "/tarefas",
            "/notificacoes",
            "/lixeira",
            "/perfil",
            "/auditoria",
            "/titulares",
            "/dados-de-acesso",
            "/configuracoes/empresa",
            "/configuracoes/integracoes",
            "/instalacao/empresas",
            "/papeis/por-que",
            "/canais",
            "/modelos-de-mensagem",
            "/modelos-de-mensagem/welcome/en",
            "/dev/ui",
            "/importacoes/9",
        ];
        let mut paths: Vec<String> = fixed.iter().map(|p| (*p).to_owned()).collect();
        for resource in registry::RESOURCES {
            for tail in ["", "/novo", "/42", "/42/editar"] {
                paths.push(format!("/{}{tail}", resource.route));
            }
            paths.push(format!("/importar/{}", resource.route));
        }
        for path in paths {
            let screen = Screen::parse(&path);
            assert!(!matches!(screen, Screen::Missing(_)), "{path}");
            assert_eq!(screen.path(), path);
        }
    }

    #[test]
    fn what_does_not_exist_is_missing() {
        for path in ["/nada", "/clientes/1/apagar", "/importar/nada", "/entrar/x"] {
            assert!(matches!(Screen::parse(path), Screen::Missing(_)), "{path}");
        }
    }
}
