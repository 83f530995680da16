//! Where a domain points, asked through DNS over HTTPS.

use domains::dns::{MEDIA_TYPE, RecordType, Resolution, ResolveError, question, read};
use http::header::ACCEPT;
use vcloud_api::{ApiError, ErrorKind, validate};

use super::Abort;
use super::fetch::{Received, exchange};

/// Resolves a domain, along its aliases.
///
/// # Errors
/// When the resolver can't be reached, failed, or is none.
pub async fn resolve(resolver: &str, domain: &str, record: RecordType, abort: &Abort) -> Result<Resolution, ApiError> {
    // What can't be a name has no record, and is not put into an address either.
    if validate::domain(domain).is_err() {
        return Ok(Resolution::default());
    }
    let mut found = ask(resolver, domain, record, abort).await?;
    // Most resolvers follow aliases themselves. A name that could not be a host's is not put into an address.
    while let Some(next) = found.unfollowed().filter(|name| validate::domain(name).is_ok()) {
        let further = ask(resolver, next, record, abort).await?;
        if !found.follow(further) {
            break;
        }
    }
    Ok(found)
}

async fn ask(resolver: &str, domain: &str, record: RecordType, abort: &Abort) -> Result<Resolution, ApiError> {
    let request = http::Request::get(question(resolver, domain, record))
        .header(ACCEPT, MEDIA_TYPE)
        .body(Vec::new())
        .map_err(|_| ApiError::without_answer(ErrorKind::Unsendable, resolver))?;
    let Received { status, body, .. } = exchange(&request, abort, &Abort::new()).await?;
    if !(200..300).contains(&status) {
        return Err(ApiError {
            status,
            ..ApiError::without_answer(ErrorKind::Server, "")
        });
    }
    read(&body, record).map_err(|error| match error {
        ResolveError::Malformed => ApiError::without_answer(ErrorKind::Malformed, error.to_string()),
        ResolveError::Status { .. } => ApiError::without_answer(ErrorKind::Server, error.to_string()),
    })
}
