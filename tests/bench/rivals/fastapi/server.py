"""Four of Quire's endpoints in FastAPI: SQLAlchemy's ORM over mysqlclient, pydantic, PyJWT, passlib. Used by
tests/bench/compare alone.

    gunicorn -k uvicorn.workers.UvicornWorker server:app    settings as Quire's: DB_SOCKET DB_USER DB_PASSWORD DB_NAME SECRET_KEY
"""
from fastapi import Depends, FastAPI, HTTPException, Query, Response
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

import login
from database import Post, session
from schemas import NewPost, PostShape, Token
from token_of import current_user

app = FastAPI()
WITH_OWNER = select(Post).options(joinedload(Post.owner))


@app.get('/api/v1/posts/{number}', response_model=PostShape)
def show_post(number: int, db: Session = Depends(session)):
    post = db.execute(WITH_OWNER.where(Post.id == number, Post.published.is_(True))).scalar_one_or_none()
    if post is None:
        raise HTTPException(404, f'post with id: {number} not found')
    return post


@app.get('/api/v1/posts', response_model=list[PostShape])
def list_posts(limit: int = Query(10, ge=1, le=100), skip: int = Query(0, ge=0),
               db: Session = Depends(session)):
    wanted = WITH_OWNER.where(Post.published.is_(True)).order_by(Post.id).limit(limit).offset(skip)
    return db.execute(wanted).scalars().all()


@app.post('/api/v1/posts', response_model=PostShape, status_code=201)
def create_post(body: NewPost, response: Response, user: int = Depends(current_user),
                db: Session = Depends(session)):
    post = Post(title=body.title, content=body.content, published=body.published, owner_id=user)
    db.add(post)
    db.flush()
    mine = WITH_OWNER.where(Post.id == post.id, or_(Post.published.is_(True), Post.owner_id == user))
    post = db.execute(mine, execution_options={'populate_existing': True}).scalar_one()
    db.commit()
    response.headers['Location'] = f'/api/v1/posts/{post.id}'
    return post


app.post('/api/v1/login', response_model=Token)(login.log_in)
