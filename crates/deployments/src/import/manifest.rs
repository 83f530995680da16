//! Kubernetes manifests: what has containers, and the ConfigMaps and Secrets beside it.

mod container;
mod objects;
mod volumes;

use self::objects::{Object, Objects};
use super::draft::{self, Draft, MOST_CONTAINERS};
use super::fields::Fields;
use super::notes::Notes;
use super::{Format, ImportError, Imported, Reason};
use crate::tree::Node;

/// Whether a document is an object of Kubernetes, or a list of them.
pub(super) fn is_one(document: &Node) -> bool {
    document.text_of("apiVersion").is_some() && document.text_of("kind").is_some()
}

/// What a pod's specification may say without changing what runs.
const SAID_ANYWAY: &[&str] = &["restartPolicy", "dnsPolicy", "schedulerName", "enableServiceLinks"];

/// Reads every container of every Deployment, StatefulSet, DaemonSet, ReplicaSet and Pod.
pub(super) fn read(documents: &[Node]) -> Result<Imported, ImportError> {
    if !documents.iter().any(is_one) {
        return Err(ImportError::NotRecognised);
    }
    let mut notes = Notes::default();
    let mut objects = Objects::gather(documents, &mut notes);
    let mut drafts = Vec::new();
    for object in std::mem::take(&mut objects.workloads) {
        workload(&object, &mut objects, &mut drafts, &mut notes);
    }
    objects.finish(&mut notes);
    draft::finish(Format::Manifest, drafts, notes)
}

fn workload<'a>(object: &Object<'a>, objects: &mut Objects<'_>, drafts: &mut Vec<Draft>, notes: &mut Notes) {
    let mut fields = Fields::of(object.node, object.path.clone(), notes);
    for key in ["apiVersion", "kind", "status"] {
        fields.take(key);
    }
    metadata(&mut fields, notes);
    let Some(mut spec) = fields.fields("spec", notes) else {
        return;
    };
    fields.finish(notes);
    let mut claims: &'a [Node] = &[];
    if object.kind != "Pod" {
        if let Some(replicas) = spec.take("replicas").filter(|replicas| replicas.text() != Some("1")) {
            notes.add_node(spec.path("replicas"), "", replicas, Reason::NotSupported);
        }
        claims = spec.list("volumeClaimTemplates", notes);
        if !claims.is_empty() {
            // The disk and its size were bought with the service.
            notes.add(spec.path("volumeClaimTemplates"), "", Reason::UnitsDecide);
        }
        for key in ["selector", "serviceName"] {
            spec.take(key);
        }
        spec.note(
            &[
                "strategy",
                "updateStrategy",
                "revisionHistoryLimit",
                "progressDeadlineSeconds",
                "minReadySeconds",
            ],
            &Reason::NothingLost,
            notes,
        );
        let template = spec.fields("template", notes);
        spec.finish(notes);
        let Some(mut template) = template else { return };
        metadata(&mut template, notes);
        let pod = template.fields("spec", notes);
        template.finish(notes);
        let Some(pod) = pod else { return };
        spec = pod;
    }
    pod(spec, claims, object, objects, drafts, notes);
}

/// Names and labels belong to how objects find each other; annotations may mean something to others.
fn metadata(fields: &mut Fields<'_>, notes: &mut Notes) {
    if let Some(mut metadata) = fields.fields("metadata", notes) {
        metadata.note(&["annotations"], &Reason::NothingLost, notes);
    }
}

fn pod<'a>(
    mut spec: Fields<'a>,
    claims: &'a [Node],
    object: &Object<'_>,
    objects: &mut Objects<'_>,
    drafts: &mut Vec<Draft>,
    notes: &mut Notes,
) {
    let volumes = volumes::Volumes::read(&mut spec, claims, notes);
    let list = spec.path("containers");
    let first = drafts.len();
    for (index, node) in spec.list("containers", notes).iter().enumerate() {
        let path = format!("{list}[{index}]");
        if drafts.len() == MOST_CONTAINERS {
            notes.add(path, "", Reason::NotSupported);
            continue;
        }
        let mut draft = container::read(node, path, objects, &volumes, drafts, notes);
        // Containers of one pod reach each other as here; those of others know it by the names of Services.
        draft.host_names = objects.services_of(object);
        drafts.push(draft);
    }
    if drafts.len() > first + 1 {
        // The names lead to the pod as a whole: its own containers need not be told apart by them.
        for draft in &mut drafts[first + 1..] {
            draft.host_names.clear();
        }
    }
    volumes.finish(notes);
    let list = spec.path("imagePullSecrets");
    for (index, secret) in spec.list("imagePullSecrets", notes).iter().enumerate() {
        let name = secret.text_of("name").unwrap_or_default();
        let reason = if objects.use_secret(name) {
            Reason::NotSupported
        } else {
            Reason::NotInTheText {
                kind: "Secret".to_owned(),
                name: name.to_owned(),
            }
        };
        notes.add(format!("{list}[{index}]"), name, reason);
    }
    for key in SAID_ANYWAY {
        if let Some(node) = spec.take(key) {
            let is_usual = matches!(
                node.text(),
                Some("Always" | "ClusterFirst" | "default-scheduler" | "true")
            );
            let reason = if is_usual {
                Reason::NothingLost
            } else {
                Reason::NotSupported
            };
            notes.add_node(spec.path(key), "", node, reason);
        }
    }
    spec.finish(notes);
}
