//! What runs in a service, what may run in it, and how that is changed. Everything here goes to the host of its region.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use vcloud_api::calls::{CheckImage, CheckPorts, Deploy, GetDeployment, UpdateDeployment};
use vcloud_api::types::{Deployment, Login, PortCheck, PortCheckRequest};
use vcloud_api::validate::ImageReference;
use vcloud_api::{ApiError, Auth, ErrorKind};

use super::query::Answer;
use super::services::Access;
use crate::net::{self, Abort};

/// So long after the last key something typed is checked.
const PAUSE: Duration = Duration::from_millis(500);

/// What runs in a service now.
///
/// # Errors
/// When its host can't be reached or refused.
pub async fn running(access: &Access, abort: &Abort) -> Result<Deployment, ApiError> {
    net::send(&GetDeployment, &access.host, &Auth::Secret(&access.secret), abort).await
}

/// Starts a usable service, or replaces what runs in a running one. Sent once; a change that was accepted takes a moment.
///
/// # Errors
/// When its host can't be reached or refused.
pub async fn deploy(access: &Access, deployment: Deployment, is_update: bool, abort: &Abort) -> Result<(), ApiError> {
    let auth = Auth::Secret(&access.secret);
    if is_update {
        net::send(&UpdateDeployment(deployment), &access.host, &auth, abort).await?;
    } else {
        net::send(&Deploy(deployment), &access.host, &auth, abort).await?;
    }
    Ok(())
}

/// An image, and how it is fetched.
#[derive(Clone, Debug, PartialEq)]
pub struct WantedImage {
    /// The image.
    pub image: ImageReference,
    /// The login; a public one for what everybody may read.
    pub login: Login,
}

/// Whether the machines of a region can fetch an image.
///
/// # Errors
/// [`ErrorKind::NotFound`] when they can't, others when that could not be found out.
pub async fn check_image(access: &Access, wanted: WantedImage, abort: &Abort) -> Result<(), ApiError> {
    let call = CheckImage {
        repository: wanted.image.repository(),
        tag: wanted.image.tag().to_owned(),
        login: wanted.login,
    };
    net::send(&call, &access.host, &Auth::None, abort).await?;
    Ok(())
}

/// Which of these ports of a region's machines are taken by other services.
///
/// # Errors
/// When that could not be found out.
pub async fn check_ports(access: &Access, request: PortCheckRequest, abort: &Abort) -> Result<PortCheck, ApiError> {
    net::send(&CheckPorts(request), &access.host, &Auth::None, abort).await
}

/// What is known of something that was typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Check<T> {
    /// There is nothing to check.
    #[default]
    Idle,
    /// It is being checked, or will be when nobody types for a moment.
    Busy,
    /// The answer.
    Known(T),
    /// It could not be found out.
    Failed(ApiError),
}

/// A check under way: the timer until it is asked, then the request.
#[derive(Default)]
struct Asked {
    timer: Option<TimeoutHandle>,
    abort: Option<Abort>,
}

impl Asked {
    fn stop(&mut self) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
        if let Some(abort) = self.abort.take() {
            abort.abort();
        }
    }
}

/// Has `wanted` checked a moment after it last changed, and what was asked before aborted, as long as the current owner
/// lives. `result` follows what is known. Gives what checks again at once.
pub fn use_check<K, T>(
    wanted: Memo<Option<K>>,
    result: RwSignal<Check<T>>,
    ask: impl Fn(K, Abort) -> Answer<T> + 'static,
) -> Callback<()>
where
    K: Clone + PartialEq + Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    let asked = SendWrapper::new(Rc::new(RefCell::new(Asked::default())));
    let ask = SendWrapper::new(Rc::new(ask));
    let again = Trigger::new();
    let start = {
        let asked = asked.clone();
        move |key: K| {
            let abort = Abort::new();
            asked.borrow_mut().abort = Some(abort.clone());
            let answer = ask(key, abort.clone());
            spawn_local(async move {
                let answer = answer.await;
                if abort.is_aborted() {
                    return;
                }
                let known = match answer {
                    Ok(value) => Check::Known(value),
                    Err(error) if error.kind == ErrorKind::Aborted => return,
                    Err(error) => Check::Failed(error),
                };
                result.try_set(known);
            });
        }
    };
    {
        let asked = asked.clone();
        Effect::new(move |_| {
            again.track();
            let wanted = wanted.get();
            asked.borrow_mut().stop();
            let Some(key) = wanted else {
                result.set(Check::Idle);
                return;
            };
            result.set(Check::Busy);
            let start = start.clone();
            let timer = set_timeout_with_handle(move || start(key), PAUSE).ok();
            asked.borrow_mut().timer = timer;
        });
    }
    on_cleanup(move || asked.borrow_mut().stop());
    Callback::new(move |()| again.notify())
}
