use conexao_domain::kernel::resource::Resource;
use leptos::prelude::*;

pub fn page(_resource: &'static Resource, _id: Option<String>) -> AnyView {
    ().into_any()
}
