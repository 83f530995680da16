//! What is left in memory of secrets that were dropped: nothing.
//!
//! The types of `vsys` wipe the seed phrase and the keys, but a secret is in other places too on its way: in what a field's event
//! brings, in a string that grew and was moved, in what a decoder allocated, in the page of a service that shows it. So everything that is
//! freed is wiped, whatever it was.

use std::alloc::System;
use std::hint::black_box;
use std::time::Duration;

use leptos::prelude::set_timeout;
use zeroizing_alloc::ZeroAlloc;

#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

/// How much of the stack is wiped, in bytes: half of it, far more than anything here needs.
const STACK: usize = 512 * 1024;

/// When what was signed in with has been dropped, and with it what pages and requests made of it.
const AFTER: [Duration; 3] = [Duration::ZERO, Duration::from_millis(500), Duration::from_secs(3)];

/// Wipes what calls that have returned left on the stack, as soon as what a lock ends has ended.
pub fn wipe_soon() {
    for after in AFTER {
        set_timeout(wipe_stack, after);
    }
}

/// It is called by a timer, so that nothing lies above it but that.
#[inline(never)]
fn wipe_stack() {
    let mut left = [0_u8; STACK];
    black_box(&mut left);
}
