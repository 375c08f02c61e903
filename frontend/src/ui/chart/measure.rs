//! How large a box is, followed as it changes.

use leptos::{html::Div, prelude::*};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{HtmlDivElement, ResizeObserver};

/// The inner width and height of a box in whole pixels; zero until it is in
/// the page. Both are known before the box is painted, so nothing jumps.
pub fn size(node: NodeRef<Div>) -> RwSignal<(i64, i64)> {
    let size = RwSignal::new((0, 0));
    let kept = StoredValue::new_local(None::<Watch>);
    Effect::new(move || {
        let Some(element) = node.get() else { return };
        size.set(inner(&element));
        let measured = SendWrapper::new(element.clone());
        let told = Closure::<dyn Fn()>::new(move || {
            let now = inner(&measured);
            // A box that is not shown keeps its drawing.
            if now.0 > 0 && size.try_get_untracked().is_some_and(|before| before != now) {
                size.set(now);
            }
        });
        if let Ok(observer) = ResizeObserver::new(told.as_ref().unchecked_ref()) {
            observer.observe(&element);
            kept.set_value(Some(Watch { observer, _told: told }));
        }
    });
    size
}

fn inner(element: &HtmlDivElement) -> (i64, i64) {
    (i64::from(element.client_width()), i64::from(element.client_height()))
}

/// Ends with the box.
#[derive(Debug)]
struct Watch {
    observer: ResizeObserver,
    _told: Closure<dyn Fn()>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
