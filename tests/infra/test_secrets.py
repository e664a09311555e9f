import json
import math

from schemas.preferences import MailPreferences
from tests.infra.template import Template


def test_the_one_secret_of_the_stage_signs_preview_links(template: Template) -> None:
    # Users' tokens are signed by keys that never leave their issuers.
    assert template.only("AWS::SecretsManager::Secret").name == template.names.preview_key


def test_the_secret_is_generated_and_known_to_nobody(template: Template) -> None:
    secret = template.only("AWS::SecretsManager::Secret")

    assert secret["GenerateSecretString"] == {"PasswordLength": 64, "ExcludePunctuation": True}
    assert secret.get("SecretString") is None


def test_the_functions_that_make_and_open_preview_links_are_told_of_the_secret_and_no_other(template: Template) -> None:
    secret = template.only("AWS::SecretsManager::Secret")

    told = {
        function.name
        for function in template.resources("AWS::Lambda::Function")
        if secret in template.mentioned(function.properties)
    }

    assert told == {template.names.function(name) for name in ("query_project_previews", "query_projects")}


def test_nobody_is_let_into_the_secret_by_the_secret_itself(template: Template) -> None:
    assert "AWS::SecretsManager::ResourcePolicy" not in {found.type for found in template.all_resources()}


def test_the_key_is_as_long_as_the_digest_that_it_signs_with(template: Template) -> None:
    # RFC 7518, section 3.2: HS256 asks for a key of 256 bits or more; each of 62 characters has almost six.
    length = template.only("AWS::SecretsManager::Secret")["GenerateSecretString"]["PasswordLength"]

    assert length * math.log2(62) >= 256


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
