//! An access token that is taken is written in a form that is read the same; base URLs likewise.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vcloud_api::BaseUrl;
use vcloud_api::hosts::Hosts;
use vcloud_api::sealed::ServiceAccess;

fuzz_target!(|text: &str| {
    if let Ok(access) = ServiceAccess::from_token(text) {
        let token = access.to_token().expect("what came from a token goes into one");
        assert_eq!(ServiceAccess::from_token(token.expose()).as_ref(), Ok(&access));
    }
    if let Ok(url) = BaseUrl::parse(text) {
        assert_eq!(BaseUrl::parse(&url.to_string()).as_ref(), Ok(&url));
        let _ = Hosts::new(url).region(text);
    }
});
