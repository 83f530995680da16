//! A core set of journeys in the engines beside Chromium. What only Chromium's driver can do keeps the other journeys from it: to tell
//! what was sent, to be narrow as a phone, to be offline, to drop files, to look into the memory.

use anyhow::{Result, bail, ensure};

use super::{Run, journeys, programs};
use crate::progress::detail;

/// The journeys: the ways in, every kind of page, every operation that changes something, money, logs, faults, the keyboard.
const CORE: &[&str] = &[
    "accessibility::the_console_speaks_chinese_as_soon_as_it_is_asked_to_and_remembers_it",
    "accessibility::the_keyboard_is_enough",
    "by_keyboard::a_service_is_started_and_changed_by_keyboard",
    "by_keyboard::a_token_is_shown_an_address_bound_and_notices_read_by_keyboard",
    "by_keyboard::domains_are_bound_and_unbound_by_keyboard",
    "config_files::an_access_token_cannot_update_an_image_and_says_so",
    "contacts::each_provider_keeps_an_address_of_its_own",
    "deployment::drafts::a_draft_survives_a_reload_and_a_lock_without_its_secrets",
    "deployment::import::variables_come_from_an_env_file",
    "deployment::sending::a_container_that_does_not_come_up_says_why",
    "deployment::sending::a_refusal_of_the_platform_loses_nothing",
    "deployment::sending::an_update_shows_what_changes_and_keeps_the_rest",
    "domains::a_domain_is_bound_by_keyboard_alone",
    "faults::a_connection_that_breaks_is_said_and_passes",
    "faults::a_failed_refresh_keeps_what_was_there",
    "faults::a_platform_that_is_down_at_sign_in_loses_nothing",
    "faults::an_error_inside_of_a_success_is_an_error",
    "faults::an_error_page_of_a_gateway_is_said_and_passes",
    "keyboard::letters_begin_what_they_name",
    "keyboard::nothing_fires_while_somebody_types_composes_or_holds_a_modifier",
    "keyboard::the_palette_is_walked_by_arrows_and_used_by_pointer_and_button",
    "lists::a_search_finds_labels_and_chinese_descriptions_and_is_kept_in_the_address",
    "lists::running_services_stand_in_the_guides_table_the_paused_one_among_them",
    "lists::sorting_looks_at_all_services_and_stands_in_the_address",
    "lock::every_tab_is_locked_at_once",
    "lock::wrong_passwords_have_to_wait_over_a_reload_and_lock_nobody_out",
    "log_filter::a_time_can_be_gone_to",
    "log_view::a_million_lines_are_held_and_the_readers_place_outlasts_the_oldest",
    "logs::a_refusal_says_why_and_can_be_tried_again",
    "many::many_are_labelled_with_their_number",
    "many::many_are_paused_and_resumed_while_the_person_goes_elsewhere",
    "market::a_service_is_ordered_by_keyboard_alone",
    "market::what_was_chosen_and_not_ordered_is_offered_again",
    "merged_logs::another_container_keeps_how_the_log_is_shown",
    "ordering::an_order_of_the_official_client_is_paid_here_and_both_see_what_came_of_it",
    "ordering::of_two_tabs_that_order_in_the_same_instant_one_orders",
    "payments::a_double_click_pays_once",
    "payments::a_node_that_has_the_payment_already_is_believed_after_a_look",
    "payments::a_page_of_a_gateway_in_place_of_an_answer_pays_once",
    "payments::a_part_is_paid_with_open_eyes_and_then_the_rest",
    "payments::an_answer_lost_after_the_payment_was_taken_pays_once",
    "payments::an_order_is_paid_in_a_token",
    "payments::two_tabs_pay_once",
    "send::coins_are_sent_by_keyboard_with_an_attachment_that_the_chain_shows",
    "service::the_overview_has_everything_known",
    "service::what_the_platform_refuses_to_change_is_said_and_not_shown_as_changed",
    "sign_in::a_new_wallet_is_shown_once_and_three_words_are_asked_for",
    "sign_in::a_seed_phrase_opens_its_account_and_is_kept_nowhere",
    "sign_in::an_access_token_that_does_not_work_says_why_and_stays",
    "sign_in::an_idle_console_locks_itself",
    "sign_in::who_stays_signed_in_unlocks_with_the_password_and_finds_the_page_again",
    "small_drafts::a_domain_that_was_not_bound_is_there_again",
    "status_of_all::every_container_of_every_running_service_is_on_one_page",
];

/// Those of them that are not made in Firefox: Tab leads past the end of the page into its bars, which its driver does not leave as a
/// person does.
const NOT_IN_FIREFOX: &[&str] = &[
    "accessibility::the_keyboard_is_enough",
    "by_keyboard::a_service_is_started_and_changed_by_keyboard",
    "by_keyboard::a_token_is_shown_an_address_bound_and_notices_read_by_keyboard",
    "by_keyboard::domains_are_bound_and_unbound_by_keyboard",
];

/// So many at a time: no journey asks a driver for as much as Chromium's, but each asks for everything one by one.
const AT_A_TIME: &str = "2";

/// Runs them in each engine, in all even where one of them fails.
pub fn run(run: &Run) -> Result<()> {
    let known = programs(run)?.journeys()?;
    for name in CORE.iter().chain(NOT_IN_FIREFOX) {
        ensure!(
            known.iter().any(|journey| journey == name),
            "there is no journey {name}"
        );
    }
    let wanted =
        |name: &&str| run.arguments.is_empty() || run.arguments.iter().any(|part| name.contains(part.as_str()));
    let chosen: Vec<&str> = CORE.iter().copied().filter(wanted).collect();
    ensure!(
        !chosen.is_empty(),
        "no journey of the core set has a name with {} in it",
        run.arguments.join(" or ")
    );
    let mut failed = Vec::new();
    for engine in run.tools.engines() {
        detail(&format!("in {}", engine.title));
        let here = |name: &&&str| engine.name != "firefox" || !NOT_IN_FIREFOX.contains(name);
        let mut arguments = vec!["--test-threads", AT_A_TIME, "--exact"];
        arguments.extend(chosen.iter().filter(here));
        let arguments: Vec<String> = arguments.into_iter().map(str::to_owned).collect();
        if let Err(error) = journeys(run, &arguments, engine.name, &engine.browser, &engine.driver) {
            failed.push(format!("{}: {error:#}", engine.title));
        }
    }
    if failed.is_empty() {
        Ok(())
    } else {
        bail!("{}", failed.join("; "))
    }
}
