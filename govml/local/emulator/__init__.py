"""The adapter that makes one AWS account out of MiniStack and moto. Runs as `python -m govml.local.emulator`.

MiniStack is the gateway and the CloudFormation engine; moto stands behind it for the services that MiniStack
lacks; what neither has is recorded only. Everything in this folder runs inside the emulator's own process;
`govml.local` starts and stops that process and never imports MiniStack or moto itself.
"""
