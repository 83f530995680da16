//! An image reference that is taken is written in a form that is read the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vcloud_api::validate::ImageReference;

fuzz_target!(|text: &str| {
    if let Ok(image) = ImageReference::parse(text) {
        assert_eq!(ImageReference::parse(&image.to_string()).as_ref(), Ok(&image));
        assert!(image.is_same_as(&image));
    }
});
