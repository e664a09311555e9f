import json

from schemas.preferences import MailPreferences
from tests.infra.template import Template


def test_the_signing_key_is_made_by_aws_and_long_enough_for_its_algorithm(template: Template) -> None:
    secret = template.named("AWS::SecretsManager::Secret", template.names.token_secret)

    assert secret.get("SecretString") is None
    assert secret["GenerateSecretString"]["PasswordLength"] >= 32  # RFC 7518, 3.2: as long as the hash


def test_the_signing_key_is_the_whole_secret(template: Template) -> None:
    generated = template.named("AWS::SecretsManager::Secret", template.names.token_secret)["GenerateSecretString"]

    # With these, the secret would be a document that holds the key.
    assert generated.keys().isdisjoint({"SecretStringTemplate", "GenerateStringKey"})


def test_the_template_resolves_no_secret_into_itself(template: Template) -> None:
    assert "{{resolve:" not in template.text


def test_nobody_but_the_authorizer_knows_of_the_signing_key(template: Template) -> None:
    secret = template.only("AWS::SecretsManager::Secret")
    authorizer = template.function("authorizer")

    users = [found for found in template.all_resources() if secret in template.mentioned(found.definition)]

    assert {found.id for found in users} == {authorizer.id, template.target(authorizer["Role"]).id}


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


def test_outputs_tell_addresses_and_nothing_secret(template: Template) -> None:
    secret = template.only("AWS::SecretsManager::Secret")

    outputs = template.document["Outputs"]

    assert secret not in template.mentioned(outputs)
    assert all("execute-api" in json.dumps(output["Value"]) for output in outputs.values())
