use conexao_domain::kernel::resource::Resource;
use leptos::prelude::*;

pub fn page(_resource: &'static Resource) -> AnyView {
    ().into_any()
}
