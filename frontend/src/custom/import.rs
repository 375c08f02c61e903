use conexao_domain::kernel::resource::Resource;
use leptos::prelude::*;

/// The first step of the wizard: the file.
pub fn start(_resource: &'static Resource) -> AnyView {
    ().into_any()
}

/// An import that has its file.
pub fn run(_id: String) -> AnyView {
    ().into_any()
}
