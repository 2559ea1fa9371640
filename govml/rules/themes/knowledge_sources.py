"""Where the documents of knowledge bases come from."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import get

_CRAWLERS = frozenset({"WEB", "WEBCRAWLER", "WEBCRAWLERV2"})


@rule(
    "GovML-WebSource",
    "AWS::Bedrock::DataSource",
    "AWS::Kendra::DataSource",
    "AWS::QBusiness::DataSource",
    title="Knowledge bases read the agency's own stores, not web sites",
    rationale="Whoever writes a page that is crawled writes into prompts; and a crawler goes out to the Internet.",
    severity="medium",
    controls=("SI-10", "SC-7", "AC-4"),
    public_sector_controls=("AS-1", "NS-3"),
    source='Amazon Bedrock user guide, "Crawl web pages for your knowledge base"; OWASP LLM01, indirect prompt injection',
)
def web_source(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find crawlers by their kind or by their configuration; of Bedrock, Kendra and Q Business."""
    for name in ("DataSourceConfiguration", "Configuration"):
        config = resource.get(name)
        kinds = {str(resource.get("Type")).upper(), str(get(config, "Type")).upper(), str(get(config, "type")).upper()}
        if kinds & _CRAWLERS or get(config, "WebConfiguration") or get(config, "WebCrawlerConfiguration"):
            yield "reads web pages: have them fetched, checked and put into S3, and read them there"
            return
