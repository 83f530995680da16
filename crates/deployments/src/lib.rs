//! Deployments in the formats that people have them in, and what an editor of them needs. No DOM, no I/O.
//!
//! * [`import`] reads the official client's JSON file, Compose files, `docker run` lines and Kubernetes manifests, and
//!   names everything that cannot be carried over.
//! * [`export`] writes the same formats.
//! * [`env_file`] reads and writes `.env` files.
//! * [`syntax`] checks and colours configuration files.
//! * [`diff`] compares two texts line by line.
//!
//! Whatever is read was written by others: nothing here panics, and no text, however built, takes more than time and memory
//! in proportion to its length.

pub mod diff;
pub mod env_file;
pub mod export;
pub mod import;
mod interpolation;
pub mod syntax;
mod tree;
