"""Tokens (HS256), and the session behind each."""
import hashlib
import os
import secrets
from datetime import datetime

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy import text
from sqlalchemy.orm import Session

from database import session

TOKEN_SECONDS = 1800
SECRET = os.environ['SECRET_KEY']
KEY_ID = hashlib.sha256(SECRET.encode()).hexdigest()[:16]
# What roles give is another matter, of which no post has need.
BEARER = text('''SELECT s.expires_at, u.is_active, u.uid, u.username FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.id = :session AND s.user_id = :user''')
scheme = OAuth2PasswordBearer(tokenUrl='/api/v1/login')


def make_token(user, session_id, now):
    claims = {'id': user, 'sub': str(user), 'sid': session_id, 'iat': now, 'exp': now + TOKEN_SECONDS, 'iss': 'quire',
              'aud': 'quire', 'jti': secrets.token_hex(16)}
    return jwt.encode(claims, SECRET, algorithm='HS256', headers={'kid': KEY_ID})


def current_user(token: str = Depends(scheme), db: Session = Depends(session)) -> int:
    refusal = HTTPException(401, 'Could not validate credentials', {'WWW-Authenticate': 'Bearer'})
    try:
        claims = jwt.decode(token, SECRET, algorithms=['HS256'], audience='quire', issuer='quire',
                            options={'require': ['exp', 'id', 'sid']})
    except jwt.InvalidTokenError:
        raise refusal
    row = db.execute(BEARER, {'session': claims['sid'], 'user': claims['id']}).first()
    if row is None or not row.is_active or row.expires_at <= datetime.utcnow():
        raise refusal
    return claims['id']
