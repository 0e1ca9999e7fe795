"""An SMTP server for the tests, by aiosmtpd: smtpd.py CERTIFICATE KEY [PORT], told what to do by lines on standard input.

    {"ehlo": ..., "mail": [...], "rcpt": [...], "data": [...], "auth": true, "tls": true, "hang": "data"}

Each line is the whole script: "mail", "rcpt" and "data" are answers in their order, the last one stays; "hang" names a command
that is never answered ("connect", "rcpt", "data", "end": when the message is there). It says on standard output, a JSON
object a line, {"port": N} once and {"event": ...} for what it sees.
"""
import asyncio
import json
import logging
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

script = {}
positions = {}


def say(**what):
    print(json.dumps(what), flush=True)


def answer(name):
    """The next answer of a list of the script."""
    answers = script.get(name, ['250 OK'])
    at = min(positions.get(name, 0), len(answers) - 1)
    positions[name] = at + 1
    return answers[at]


class Handler:
    async def handle_MAIL(self, server, session, envelope, address, options):
        said = answer('mail')
        if said.startswith('250'):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        else:
            say(event='mail', said=said)
        return said

    async def handle_RCPT(self, server, session, envelope, address, options):
        said = answer('rcpt')
        say(event='rcpt', to=address, said=said, options=options, sender=envelope.mail_from)
        if script.get('hang') == 'rcpt':
            await asyncio.sleep(3600)
        if said.startswith('250'):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server, session, envelope):
        said = answer('data')
        say(event='data', to=envelope.rcpt_tos, sender=envelope.mail_from, said=said, tls=session.ssl is not None,
            login=session.authenticated, content=envelope.original_content.decode('utf-8'),
            smtputf8=envelope.smtp_utf8)
        if script.get('hang') == 'end':
            await asyncio.sleep(3600)
        return said


def authenticate(server, session, envelope, mechanism, data):
    good = data.login == b'postman' and data.password == script.get('password', '').encode()
    say(event='auth', mechanism=mechanism, good=good, tls=session.ssl is not None)
    return AuthResult(success=good, handled=False)


class Server(SMTP):
    async def _handle_client(self):
        if script.get('hang') == 'connect':
            await asyncio.sleep(3600)
        await super()._handle_client()


def serve():
    """What speaks to one connection."""
    say(event='connect')
    context = None
    if script.get('tls', True):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
    return Server(Handler(), tls_context=context, authenticator=authenticate,
                  auth_required=script.get('auth', False), auth_require_tls=True,
                  enable_SMTPUTF8=script.get('smtputf8', True), loop=asyncio.get_running_loop())


async def main():
    logging.getLogger('mail.log').setLevel(logging.ERROR)
    loop = asyncio.get_running_loop()
    told = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(told), sys.stdin)
    server = await loop.create_server(serve, '127.0.0.1', int(sys.argv[3]) if len(sys.argv) > 3 else 0)
    say(port=server.sockets[0].getsockname()[1])
    while line := await told.readline():
        script.clear()
        positions.clear()
        script.update(json.loads(line))
        say(event='script')


asyncio.run(main())
