//! The routes. To add one is to add a row: its path, what it says, and the function that answers. Everything is read, nothing
//! is changed; what comes in by the door is looked at in `door`.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{MethodRouter, get};
use serde_json::{Value, json};

use super::events::Desk;
use super::health::{self, Verdict};
use super::{collect, door, events, exposition, state};
use crate::graph::Format;
use crate::types::EmitId;

/// What every route is given.
pub(super) type Shared = State<Arc<Desk>>;

/// Of which record something is asked.
#[derive(serde::Deserialize)]
struct Of {
    emit_id: Option<String>,
}

/// One route.
struct Route {
    path: &'static str,
    says: &'static str,
    answer: fn() -> MethodRouter<Arc<Desk>>,
}

const ROUTES: &[Route] = &[
    Route {
        path: "/livez",
        says: "whether the process is alive; 503 asks for a restart",
        answer: || get(livez),
    },
    Route {
        path: "/readyz",
        says: "whether it has partitions, or stands by for some; 503 otherwise, with the reason",
        answer: || get(readyz),
    },
    Route {
        path: "/metrics",
        says: "metrics for Prometheus",
        answer: || get(metrics),
    },
    Route {
        path: "/api/v1/graph",
        says: "the nodes and edges",
        answer: || get(graph),
    },
    Route {
        path: "/api/v1/stages",
        says: "each node: what it has done, how full it is, what it holds",
        answer: || get(stages),
    },
    Route {
        path: "/api/v1/offsets",
        says: "each partition: how far it is, and the record that keeps it from moving on",
        answer: || get(offsets),
    },
    Route {
        path: "/api/v1/failures",
        says: "the last failures, the newest first, with what the calls were given if failures are kept",
        answer: || get(failures),
    },
    Route {
        path: "/api/v1/checkpoints",
        says: "the values that checkpoints keep, by the paths of their nodes; `?emit_id=` for those of one record",
        answer: || get(checkpoints),
    },
    Route {
        path: "/api/v1/config",
        says: "each setting, its value and where it was written; no secrets",
        answer: || get(config),
    },
    Route {
        path: "/api/v1/events",
        says: "a stream of events: snapshot, delta, failure",
        answer: || get(events::stream),
    },
];

/// All routes; on loopback, only for who asks by a name of this machine.
pub(super) fn router(desk: Arc<Desk>, loopback: bool) -> Router {
    let mut router = Router::new().route("/", get(index));
    for route in ROUTES {
        router = router.route(route.path, (route.answer)());
    }
    let router = router
        .fallback(|| async {
            refuse(
                StatusCode::NOT_FOUND,
                "there is nothing here; `/` lists what there is",
            )
        })
        .method_not_allowed_fallback(|| async {
            refuse(
                StatusCode::METHOD_NOT_ALLOWED,
                "this is for reading: use GET",
            )
        });
    door::guarded(router, loopback).with_state(desk)
}

/// An error as JSON.
pub(super) fn refuse(status: StatusCode, why: &str) -> Response {
    (status, Json(json!({ "error": why }))).into_response()
}

async fn index(State(desk): Shared) -> Json<Value> {
    let routes = ROUTES.iter();
    let routes = routes.map(|route| json!({ "path": route.path, "says": route.says }));
    Json(json!({
        "pipeline": desk.view.spec.name,
        "waterhealer": env!("CARGO_PKG_VERSION"),
        "routes": routes.collect::<Vec<_>>(),
    }))
}

async fn livez(State(desk): Shared) -> Response {
    verdict(health::live(&desk.view))
}

async fn readyz(State(desk): Shared) -> Response {
    verdict(health::ready(&desk.view))
}

fn verdict(verdict: Verdict) -> Response {
    let status = match verdict.good {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, Json(verdict.says)).into_response()
}

async fn metrics(State(desk): Shared) -> Response {
    desk.view.ask().await;
    match collect::metrics(&desk.view) {
        Ok(text) => ([(header::CONTENT_TYPE, exposition::TEXT)], text).into_response(),
        Err(why) => refuse(StatusCode::INTERNAL_SERVER_ERROR, &why),
    }
}

async fn graph(State(desk): Shared) -> Response {
    let graph = desk.view.spec.render(Format::Json);
    ([(header::CONTENT_TYPE, "application/json")], graph).into_response()
}

async fn stages(State(desk): Shared) -> Json<Value> {
    desk.view.ask().await;
    Json(json!({ "stages": state::stages(&desk.view) }))
}

async fn offsets(State(desk): Shared) -> Json<Value> {
    desk.view.ask().await;
    Json(json!({ "group": desk.view.group, "partitions": desk.view.partitions() }))
}

async fn failures(State(desk): Shared) -> Json<Value> {
    let failures = desk.view.control.failures.after(0);
    let failures = failures.iter().rev().map(|(_, call)| call.json());
    Json(json!({ "failures": failures.collect::<Vec<_>>() }))
}

async fn checkpoints(State(desk): Shared, Query(of): Query<Of>) -> Response {
    let asked = of.emit_id.as_deref().map(str::parse::<EmitId>).transpose();
    match asked {
        Ok(record) => Json(state::checkpoints(&desk.view, record)).into_response(),
        Err(wrong) => refuse(StatusCode::BAD_REQUEST, &wrong.to_string()),
    }
}

async fn config(State(desk): Shared) -> Json<Value> {
    Json(json!({ "settings": desk.view.settings }))
}
