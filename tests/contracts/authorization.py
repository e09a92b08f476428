"""Who may call what. A route that is not listed fails `test_authorization.py`; so does one listed twice."""

EVERYBODY = "anybody at all"
ACCOUNT = "anybody signed in"
OWNER = "the applicant whose application it is"
REVIEWER = "a reviewer of the call"
ASSIGNED = "a reviewer of the call to whom this application is assigned"
COORDINATOR = "a coordinator of the call"
MANAGER = "somebody who may create calls"
COPIER = "a coordinator of the call who may create calls"

MAY_CALL: dict[str, str] = {
    EVERYBODY: """
        calls.criteria calls.faq calls.questions calls.questions_docx calls.questions_pdf calls.show
        check.answer check.question check.result demo.enter health home mailbox.file mailbox.list openapi
        openings.ask openings.edit openings.stop openings.stop_now reference.show reminders.edit
        reminders.save results.list results.show root sign_in.begin sign_in.code sign_in.edit
        sign_in.enter sign_in.enter_return_code sign_in.link sign_in.no_email sign_in.out sign_in.press
        sign_in.return_code sign_in.start site.accessibility site.privacy stage.screen theme.choose
        api.calls.check api.calls.check_result api.calls.criteria api.calls.faq api.calls.list
        api.calls.questions api.calls.show api.results.list api.results.show api.stage.screen
    """,
    ACCOUNT: """
        account.ask_for_email account.confirm_email account.edit account.email account.email_code
        account.end_session account.make_return_code account.make_token account.return_code
        account.revoke_return_code account.revoke_token account.set_name applications.consent
        applications.start messages.list my.home my_data.copy my_data.correct my_data.erase my_data.keep
        my_data.leave my_data.show reviews.calls team.accept team.decline team.invited
        api.invitations.accept api.invitations.decline api.invitations.show
        api.applications.list api.applications.start api.my_data.correct api.my_data.erase
        api.messages.list api.my_data.keep api.my_data.show
    """,
    OWNER: """
        applications.about_you applications.autosave applications.change_consent applications.check
        applications.check_blind applications.consents applications.copy applications.copy_pdf
        applications.copy_text applications.correct applications.deadline applications.declare
        applications.delete applications.discard applications.fix applications.fix_autosave
        applications.leave applications.leave_leak applications.restore applications.result
        applications.save applications.save_page applications.send applications.sending_pdf
        applications.sending_text applications.sent applications.sent_copy applications.sent_copy_text
        applications.status applications.take_back applications.take_over applications.tasks
        applications.versions applications.withdraw applications.write applications.write_page
        files.add_document files.add_picture files.change files.list files.open files.original
        files.preview files.replace messages.show
        team.attend team.call_off team.change team.hand_over team.handing_over team.invite
        team.invite_again team.leave team.leaving team.list team.presence team.remove team.removing
        team.take_over
        api.team.call_off api.team.change api.team.invite api.team.invite_again api.team.member
        api.team.remove api.team.show
        api.applications.about_you api.applications.change_consent api.applications.consents
        api.applications.correct api.applications.correction api.applications.correction_save
        api.applications.delete api.applications.leaks api.applications.leave_leak
        api.applications.receipt api.applications.restore api.applications.save api.applications.section
        api.applications.send api.applications.show api.applications.take_back api.applications.take_over
        api.applications.versions api.applications.withdraw api.files.add_document api.files.add_picture
        api.files.change api.files.list api.files.open api.files.original api.files.remove
        api.messages.show api.results.own
    """,
    REVIEWER: """
        reviews.list
        api.reviews.list
    """,
    ASSIGNED: """
        reviews.answer_tie reviews.autosave reviews.edit reviews.file reviews.file_preview reviews.save
        reviews.tie
        api.reviews.answer_tie api.reviews.file api.reviews.save api.reviews.scores api.reviews.send
        api.reviews.show
    """,
    COORDINATOR: """
        assignments.adjust assignments.discard assignments.export assignments.hand_on assignments.list
        assignments.make assignments.proposal assignments.propose assignments.publish
        assignments.read_sheet assignments.substitute assignments.withdraw
        assisted.begin assisted.hand_over assisted.list assisted.new
        assisted.renew_code assisted.show assisted.to_call awards.decide awards.draw_line awards.explain
        awards.give awards.list awards.publish awards.publish_now awards.reopen awards.reopen_now
        awards.take_back_departure awards.withdraw corrections.ask corrections.close corrections.extend
        corrections.list corrections.show desk.application desk.applications desk.file desk.file_preview
        desk.home desk.open_reviewing desk.original extensions.change extensions.edit extensions.give
        extensions.list extensions.take_back panel.add panel.list panel.remove privacy.list privacy.order
        privacy.tallies ranking.close ranking.excuse ranking.export ranking.holes ranking.list
        ranking.reopen ranking.reopen_now ranking.reviews setup.add_organisation setup.cancel
        setup.cancellation setup.choices setup.choose_organisations setup.criteria setup.criterion
        setup.edit setup.extend setup.extension setup.faq setup.open setup.organisations
        setup.preview_applicant setup.preview_reviewer setup.remove_round setup.round setup.rounds
        setup.save setup.save_choices setup.save_criteria setup.save_criterion setup.save_faq
        setup.save_round setup.show stage.control stage.reveal stage.show
        api.assignments.adjust api.assignments.discard api.assignments.distribute api.assignments.export
        api.assignments.hand_on api.assignments.list api.assignments.make api.assignments.proposal
        api.assignments.propose api.assignments.publish api.assignments.read_sheet
        api.assignments.substitute api.assignments.withdraw
        api.assisted.hand_over api.assisted.list api.assisted.renew_code
        api.assisted.show api.assisted.start api.assisted.to_call api.awards.change api.awards.give
        api.awards.list api.awards.show api.awards.withdraw api.calls.add_organisation api.calls.cancel
        api.calls.change api.calls.choose_organisations api.calls.extend api.calls.missing api.calls.open
        api.calls.save_criteria api.calls.save_faq api.calls.save_rounds api.calls.setup
        api.corrections.ask api.corrections.change api.corrections.close api.corrections.extend
        api.corrections.list api.corrections.show api.decision.freeze api.decision.reopen
        api.decision.show api.departures.explain api.departures.take_back api.desk.application
        api.desk.applications api.desk.file api.desk.identity api.desk.open_reviewing api.desk.original
        api.desk.progress api.extensions.give api.extensions.list api.extensions.show
        api.extensions.take_back api.privacy.list api.privacy.order api.privacy.tallies api.ranking.close
        api.ranking.excuse api.ranking.export api.ranking.holes api.ranking.list api.ranking.reopen
        api.ranking.reviews api.results.announcement api.results.publish api.reviewers.add
        api.reviewers.list api.reviewers.remove api.reviewers.show api.rounds.draw_line api.rounds.list
        api.stage.control api.stage.reveal api.stage.show
    """,
    MANAGER: """
        setup.create setup.new
        api.calls.create
    """,
    COPIER: """
        setup.clone setup.clone_now
        api.calls.clone
    """,
}
