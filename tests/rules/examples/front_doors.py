"""Examples of the rules on what faces people and pages outside: distributions, sign-in, crawlers."""

from __future__ import annotations

from example import REMOVED, Example, change
from pieces import resource

_SITE = {
    "Site": resource(
        "AWS::CloudFront::Distribution",
        {
            "DistributionConfig": {
                "Enabled": True,
                "WebACLId": {"Ref": "Firewall"},
                "DefaultCacheBehavior": {"TargetOriginId": "api", "ViewerProtocolPolicy": "redirect-to-https"},
                "CacheBehaviors": [
                    {"PathPattern": "/api/*", "TargetOriginId": "api", "ViewerProtocolPolicy": "https-only"}
                ],
                "ViewerCertificate": {
                    "AcmCertificateArn": {"Ref": "Certificate"},
                    "MinimumProtocolVersion": "TLSv1.2_2021",
                    "SslSupportMethod": "sni-only",
                },
                "Origins": [
                    {"Id": "files", "DomainName": "files.example", "S3OriginConfig": {}},
                    {
                        "Id": "api",
                        "DomainName": "api.example",
                        "CustomOriginConfig": {
                            "OriginProtocolPolicy": "https-only",
                            "OriginSSLProtocols": ["TLSv1.2"],
                        },
                    },
                ],
                "Logging": {"Bucket": "logs.example", "IncludeCookies": False},
            }
        },
    )
}
_CONFIG = "Site.Properties.DistributionConfig"
_POOL = {
    "Pool": resource(
        "AWS::Cognito::UserPool",
        {
            "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True},
            "MfaConfiguration": "ON",
            "DeletionProtection": "ACTIVE",
        },
        DeletionPolicy="Retain",
        UpdateReplacePolicy="Retain",
    )
}
_IDENTITIES = {"Identities": resource("AWS::Cognito::IdentityPool", {"AllowUnauthenticatedIdentities": False})}
_S3 = {"Type": "S3", "S3Configuration": {"BucketArn": {"Fn::GetAtt": ["Data", "Arn"]}}}
_SOURCE = {
    "Source": resource(
        "AWS::Bedrock::DataSource",
        {
            "KnowledgeBaseId": {"Ref": "Base"},
            "DataSourceConfiguration": _S3,
            "DataDeletionPolicy": "RETAIN",
            "ServerSideEncryptionConfiguration": {"KmsKeyArn": {"Fn::GetAtt": ["Key", "Arn"]}},
        },
    )
}
_PAGES = {"SourceConfiguration": {"UrlConfiguration": {"SeedUrls": [{"Url": "https://example.org"}]}}}

EXAMPLES = {
    "GovML-Distribution": Example(
        passing=_SITE,
        failing=[
            change(_SITE, f"{_CONFIG}.DefaultCacheBehavior.ViewerProtocolPolicy", "allow-all"),
            change(_SITE, f"{_CONFIG}.CacheBehaviors.0.ViewerProtocolPolicy", "allow-all"),
            change(_SITE, f"{_CONFIG}.ViewerCertificate", REMOVED),
            change(_SITE, f"{_CONFIG}.ViewerCertificate", {"CloudFrontDefaultCertificate": True}),
            change(_SITE, f"{_CONFIG}.ViewerCertificate.MinimumProtocolVersion", "TLSv1.1_2016"),
            change(_SITE, f"{_CONFIG}.Origins.1.CustomOriginConfig.OriginProtocolPolicy", "match-viewer"),
            change(_SITE, f"{_CONFIG}.Origins.1.CustomOriginConfig.OriginSSLProtocols", ["TLSv1", "TLSv1.2"]),
            change(_SITE, f"{_CONFIG}.WebACLId", REMOVED),
            change(_SITE, f"{_CONFIG}.Logging.IncludeCookies", True),
        ],
    ),
    "GovML-UnauthenticatedIdentity": Example(
        passing=_IDENTITIES,
        failing=[
            change(_IDENTITIES, "Identities.Properties.AllowUnauthenticatedIdentities", True),
            change(_IDENTITIES, "Identities.Properties.AllowUnauthenticatedIdentities", "true"),
            change(_IDENTITIES, "Identities.Properties.AllowClassicFlow", True),
        ],
    ),
    "GovML-OpenSignUp": Example(
        passing=_POOL,
        failing=[
            change(_POOL, "Pool.Properties.AdminCreateUserConfig", REMOVED),
            change(_POOL, "Pool.Properties.AdminCreateUserConfig.AllowAdminCreateUserOnly", False),
            change(_POOL, "Pool.Properties.MfaConfiguration", REMOVED),
            change(_POOL, "Pool.Properties.MfaConfiguration", "OPTIONAL"),
        ],
    ),
    "GovML-WebSource": Example(
        passing=_SOURCE,
        failing=[
            change(_SOURCE, "Source.Properties.DataSourceConfiguration", {"Type": "WEB", "WebConfiguration": _PAGES}),
            change(_SOURCE, "Source.Properties.DataSourceConfiguration.WebConfiguration", _PAGES),
            {"Source": resource("AWS::Kendra::DataSource", {"IndexId": "i", "Name": "n", "Type": "WEBCRAWLER"})},
            {"Source": resource("AWS::QBusiness::DataSource", {"Configuration": {"type": "WEBCRAWLERV2"}})},
        ],
    ),
}
