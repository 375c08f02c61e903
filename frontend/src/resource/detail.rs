use conexao_domain::kernel::resource::Resource;
use leptos::prelude::*;

pub fn page(_resource: &'static Resource, _id: String) -> AnyView {
    ().into_any()
}
