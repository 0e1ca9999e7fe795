"""The tables that are used, and a session for each request."""
import os

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, String, Text, create_engine
from sqlalchemy.dialects.mysql import DATETIME
from sqlalchemy.engine import URL
from sqlalchemy.orm import declarative_base, relationship, sessionmaker

engine = create_engine(
    URL.create('mysql+mysqldb', os.environ['DB_USER'], os.environ['DB_PASSWORD'], database=os.environ['DB_NAME'],
               query={'unix_socket': os.environ['DB_SOCKET'], 'charset': 'utf8mb4'}),
    pool_size=10, max_overflow=0, isolation_level='READ COMMITTED',
    connect_args={'init_command': "SET time_zone = '+00:00'"})
make_session = sessionmaker(engine, expire_on_commit=False)
Base = declarative_base()


class User(Base):
    __tablename__ = 'users'
    id = Column(BigInteger, primary_key=True)
    username = Column(String(50), nullable=False)


class Post(Base):
    __tablename__ = 'posts'
    id = Column(BigInteger, primary_key=True)
    title = Column(String(200), nullable=False)
    content = Column(Text, nullable=False)
    published = Column(Boolean, nullable=False)
    owner_id = Column(BigInteger, ForeignKey('users.id'), nullable=False)
    votes = Column(BigInteger, server_default='0')
    score = Column(BigInteger, server_default='0')
    comment_count = Column(BigInteger, server_default='0')
    created_at = Column(DATETIME(fsp=6), server_default='CURRENT_TIMESTAMP(6)')
    updated_at = Column(DATETIME(fsp=6), server_default='CURRENT_TIMESTAMP(6)')
    owner = relationship(User)


def session():
    with make_session() as db:
        yield db
