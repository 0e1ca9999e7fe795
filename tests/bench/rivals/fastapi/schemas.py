"""What comes in and what goes out."""
from datetime import datetime

from pydantic import BaseModel, Field


class NewPost(BaseModel):
    title: str = Field(min_length=1, max_length=200)
    content: str = Field(max_length=500000)
    published: bool = True


class Owner(BaseModel):
    id: int
    username: str

    class Config:
        orm_mode = True


class PostShape(BaseModel):
    id: int
    title: str
    content: str
    published: bool
    owner_id: int
    owner: Owner
    votes: int
    score: int
    comment_count: int
    created_at: datetime
    updated_at: datetime

    class Config:
        orm_mode = True
        json_encoders = {datetime: lambda moment: moment.isoformat() + 'Z'}


class Token(BaseModel):
    access_token: str
    token_type: str
    expires_in: int
    refresh_token: str
