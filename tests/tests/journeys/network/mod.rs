//! A network and a clock that can't be relied on: what a broken connection is called, what is asked for again by itself and what never
//! is, every operation under every fault, a device whose clock is wrong, and one that slept.

mod faults;
mod matrix;
mod reads;
mod repair;
mod time;
mod writes;
