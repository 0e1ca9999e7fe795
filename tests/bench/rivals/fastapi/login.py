"""POST /login, a form."""
import hashlib
import re
import secrets
import time
from datetime import datetime, timedelta

from fastapi import Depends, HTTPException, Request, Response
from fastapi.security import OAuth2PasswordRequestForm
from passlib.context import CryptContext
from sqlalchemy import text
from sqlalchemy.orm import Session

from database import session
from token_of import TOKEN_SECONDS, make_token

SESSION = timedelta(days=14)
passwords = CryptContext(schemes=['bcrypt'])
# Compared with when nobody has that name, so that it takes as long.
DECOY = '$2b$12$quireDecoyquireDecoyququireDecoyquireDecoyquireDecoy/'

ACCOUNT = text('''SELECT id, password_hash, is_active FROM (SELECT 0 AS place, id, password_hash, is_active
    FROM users WHERE email_fold = :name UNION ALL SELECT 1, id, password_hash, is_active FROM users
    WHERE username_fold = :name) AS found ORDER BY place LIMIT 1''')
CONFIRM = text('UPDATE users SET logins = logins + 1 WHERE id = :id AND password_hash = :hash AND is_active = 1')
ADD_SESSION = text('INSERT INTO sessions (user_id, expires_at, agent, address) VALUES (:id, :expires, :agent, :address)')
DROP_SESSIONS = text('DELETE FROM sessions WHERE user_id = :id AND expires_at <= :now')
ADD_REFRESH = text('INSERT INTO refresh_tokens (digest, session_id, expires_at) VALUES (:digest, :session, :expires)')
ADD_EVENT = text('INSERT INTO audit_events (event, actor_id, subject_id, address, detail) '
                 'VALUES (:event, NULL, :id, :network, NULL)')
EVENT_LOGIN = 1


def network_of(address):
    """What a security event keeps of an address: its first 24 bits."""
    return re.sub(r'\.\d+$', '.0/24', address)


def open_session(db, account, request):
    """The id and the refresh token of a new session; None when the password has been changed meanwhile."""
    now = datetime.utcnow()
    address = request.headers.get('x-real-ip', '')
    refresh = secrets.token_urlsafe(32)
    if db.execute(CONFIRM, {'id': account.id, 'hash': account.password_hash}).rowcount == 0:
        return None
    done = db.execute(ADD_SESSION, {
        'id': account.id, 'expires': now + SESSION, 'agent': request.headers.get('user-agent', '')[:200],
        'address': address})
    db.execute(DROP_SESSIONS, {'id': account.id, 'now': now})
    db.execute(ADD_REFRESH, {'digest': hashlib.sha256(refresh.encode()).digest(), 'session': done.lastrowid,
                                   'expires': now + SESSION})
    db.execute(ADD_EVENT, {'event': EVENT_LOGIN, 'id': account.id, 'network': network_of(address)})
    db.commit()
    return done.lastrowid, refresh


def log_in(request: Request, response: Response, form: OAuth2PasswordRequestForm = Depends(),
           db: Session = Depends(session)):
    account = db.execute(ACCOUNT, {'name': form.username.lower()}).first()
    right = passwords.verify(form.password, account.password_hash if account else DECOY)
    made = open_session(db, account, request) if right and account and account.is_active else None
    if made is None:
        raise HTTPException(401, 'Invalid credentials', {'WWW-Authenticate': 'Bearer'})
    response.headers['Cache-Control'] = 'no-store'
    return {'access_token': make_token(account.id, made[0], int(time.time())), 'token_type': 'bearer',
            'expires_in': TOKEN_SECONDS, 'refresh_token': made[1]}
