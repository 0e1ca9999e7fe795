"""same: whether a rival does what quire does: the same answers as JSON, the same refusals, the same sessions."""
import json
import urllib.parse

import answers
from parts import Failure

JSON = 'application/json'


def _bearer(token):
    return {'Content-Type': JSON, 'Authorization': f'Bearer {token}'}


def _read(port, path):
    status, _, text = answers.ask(port, 'GET', path)
    return status, json.loads(text)


def _difference(found, wanted, place=''):
    """The first place where they differ, and what each has there."""
    if isinstance(found, dict) and isinstance(wanted, dict) and set(found) == set(wanted):
        pairs = [(f'{place}.{name}', found[name], wanted[name]) for name in found]
    elif isinstance(found, (list, tuple)) and type(found) is type(wanted) and len(found) == len(wanted):
        pairs = [(f'{place}[{i}]', one, other) for i, (one, other) in enumerate(zip(found, wanted))]
    else:
        return place, found, wanted
    return next(_difference(one, other, where) for where, one, other in pairs if one != other)


def _expect(rival, what, found, wanted):
    if found != wanted:
        place, found, wanted = _difference(found, wanted)
        raise Failure(f'{rival.name}: {what}{place}: {str(found)[:400]}\n-- but quire: {str(wanted)[:400]}')


def _reading(quire, rival, posts):
    for path in [*(f'/api/v1/posts/{n}' for n in (1, 4, 10, 17, posts)), '/api/v1/posts', '/api/v1/posts?limit=10',
                 f'/api/v1/posts?limit=100&skip={posts // 2}', f'/api/v1/posts?limit=5&skip={posts - 3}']:
        _expect(rival, f'GET {path}', _read(rival.port, path), _read(quire.port, path))
    for path in (f'/api/v1/posts/{posts * 1000}', '/api/v1/posts/abc', '/api/v1/posts?limit=101', '/api/v1/posts?limit=0',
                 '/api/v1/posts?limit=x', '/api/v1/posts?skip=-1'):
        _expect(rival, f'status of GET {path}', _read(rival.port, path)[0], _read(quire.port, path)[0])


def _signing(quire, rival, password):
    """A token is good for both, whoever gave it; wrong ones are for neither; a session that has ended is one."""
    path, body = '/api/v1/posts', json.dumps({'title': 't', 'content': 'c'})
    for issuer in (quire, rival):
        token = answers.log_in(issuer.port, 'user9', password)
        head, claims, signature = token.split('.')
        other = ('B' if signature[0] == 'A' else 'A') + signature[1:]
        for user in (quire, rival):
            for what, sent, wanted in (('a token of ' + issuer.name, token, 201), ('no token', None, 401),
                                       ('a forged token', f'{head}.{claims}.{other}', 401), ('half a token', head, 401)):
                headers = _bearer(sent) if sent else {'Content-Type': JSON}
                status = answers.ask(user.port, 'POST', path, body, headers)[0]
                _expect(user, f'status of a post with {what}', status, wanted)
        status = answers.ask(quire.port, 'POST', '/api/v1/auth/logout', '', {'Authorization': f'Bearer {token}'})[0]
        _expect(quire, 'status of a log-out', status, 204)
        _expect(rival, f'status of a post with a token of {issuer.name} whose session has ended',
                answers.ask(rival.port, 'POST', path, body, _bearer(token))[0], 401)
    for name, word in (('user9', 'wrong' + password), ('nobody', password)):
        form = urllib.parse.urlencode({'username': f'{name}@example.com', 'password': word})
        status = answers.ask(rival.port, 'POST', '/api/v1/login', form,
                             {'Content-Type': 'application/x-www-form-urlencoded'})[0]
        _expect(rival, f'status of a log-in as {name}', status, 401)


def _writing(quire, rival, password):
    token = answers.log_in(quire.port, 'user9', password)
    title = 'Größe \U0001f600 "x" <b> \\ /'
    for post in ({'title': title, 'content': 'one\ntwo\t\u20ac ' * 40}, {'title': 'x' * 200, 'content': '', 'published': False}):
        status, headers, text = answers.ask(rival.port, 'POST', '/api/v1/posts', json.dumps(post), _bearer(token))
        _expect(rival, f'a new post ({text[:300]})', status, 201)
        made = json.loads(text)
        _expect(rival, 'the address of a new post', headers['Location'], f'/api/v1/posts/{made["id"]}')
        shown = json.loads(answers.ask(quire.port, 'GET', headers['Location'], None, _bearer(token))[2])
        _expect(rival, 'a new post', made, shown)
    for body in ('{"content":"c"}', '{"title":"","content":"c"}', '{"title":null,"content":"c"}', '[]',
                 '{"title":"t","content":"c","published":"maybe"}', json.dumps({'title': 'ü' * 201, 'content': 'c'})):
        _expect(rival, f'status of a post {body[:60]}',
                answers.ask(rival.port, 'POST', '/api/v1/posts', body, _bearer(token))[0], 422)
    broken = answers.ask(rival.port, 'POST', '/api/v1/posts', '{"title":', _bearer(token))[0]
    if broken not in (400, 422):
        raise Failure(f'{rival.name}: status of a post that is no JSON: {broken}')


def compare(quire, rival, posts, password):
    """Fails at the first thing that the rival does otherwise. It writes some posts and sessions."""
    _reading(quire, rival, posts)
    _signing(quire, rival, password)
    _writing(quire, rival, password)


def statements(database, program, password):
    """For each endpoint: how many statements a request carries out. A connection's first ones are not counted."""
    token = answers.log_in(program.port, 'user7', password)
    requests = {
        'one': lambda: answers.ask(program.port, 'GET', '/api/v1/posts/17'),
        'list': lambda: answers.ask(program.port, 'GET', '/api/v1/posts?limit=10'),
        'create': lambda: answers.ask(program.port, 'POST', '/api/v1/posts', '{"title":"t","content":"c"}', _bearer(token)),
        'login': lambda: answers.log_in(program.port, 'user7', password),
    }
    return {name: min(len(database.statements_of(ask)) for _ in range(6)) for name, ask in requests.items()}
