import json

from schemas.preferences import MailPreferences
from tests.infra.template import Template


def test_the_stage_owns_no_secret(template: Template) -> None:
    # Tokens are signed by keys that never leave their issuers.
    assert "AWS::SecretsManager::Secret" not in {found.type for found in template.all_resources()}


def test_the_template_resolves_no_secret_into_itself(template: Template) -> None:
    assert "{{resolve:" not in template.text


def test_no_parameter_of_the_stack_asks_for_a_secret(template: Template) -> None:
    # BootstrapVersion is CDK's own, and public.
    assert set(template.document.get("Parameters", {})) <= {"BootstrapVersion"}


def test_what_an_operator_may_change_about_mails_starts_as_the_stage_says(template: Template) -> None:
    parameter = template.only("AWS::SSM::Parameter")
    contact = template.stage.contact

    preferences = MailPreferences.model_validate_json(parameter["Value"])

    assert (parameter.name, parameter["Type"]) == (template.names.contact_parameter, "String")
    assert preferences.model_dump() == {
        "sender": contact.sender,
        "recipients": contact.recipients,
        "site_name": template.stage.site_name,
        "autoresponse": contact.autoresponse,
    }


def test_the_sender_is_the_one_identity_that_mails_may_come_from(template: Template) -> None:
    assert template.only("AWS::SES::EmailIdentity")["EmailIdentity"] == template.stage.contact.sender


def test_outputs_tell_addresses_and_names_and_nothing_secret(template: Template) -> None:
    outputs = {name: output["Value"] for name, output in template.document["Outputs"].items()}
    pool, client = template.only("AWS::Cognito::UserPool"), template.only("AWS::Cognito::UserPoolClient")

    own = {name: outputs.pop(name) for name in ("TableName", "UserPoolId", "UserPoolClientId")}

    assert template.render(own["TableName"]) == template.names.table
    assert (own["UserPoolId"], own["UserPoolClientId"]) == ({"Ref": pool.id}, {"Ref": client.id})
    assert "ApiUrl" in outputs
    assert all("execute-api" in json.dumps(value) for value in outputs.values())
