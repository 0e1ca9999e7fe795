"""data: what is in the database of a benchmark, and what a load has added to it."""
import os

USERS = 1000
VOTES_PER_USER = 300
PASSWORD = 'correct-horse-battery'
# bcrypt's cost at the start, which is quire's default.
COST = 12

# A hash of user1, made by quire, for everybody.
_SPREAD = '''UPDATE users u JOIN users first ON first.username = 'user1' SET u.password_hash = first.password_hash;'''

# seq_A_to_B are MariaDB's tables of numbers. All is the same in each run, but for the uids.
_FILL = '''
INSERT INTO users (uid, username, email, password_hash, username_fold, email_fold)
SELECT UNHEX(REPLACE(UUID(), '-', '')), CONCAT('user', n.seq), CONCAT('user', n.seq, '@example.com'),
       first.password_hash, CONCAT('user', n.seq), CONCAT('user', n.seq, '@example.com')
FROM seq_2_to_{users} n JOIN users first ON first.username = 'user1';

INSERT INTO posts (title, content, owner_id, created_at, updated_at)
SELECT CONCAT('Post number ', n.seq, IF(n.seq % 10 = 0, ' – größer', '')),
       LEFT(CONCAT('This is post ', n.seq, '.\\n', REPEAT('It was written to be read, like most posts: '
            'a line of prose, then another. "So it is", they said.\\n', 12)), 1024),
       1 + n.seq * 37 % {users}, n.created, n.created
FROM (SELECT seq, TIMESTAMP('2026-01-01') + INTERVAL seq * 7 SECOND
      + INTERVAL IF(seq % 4 = 0, 0, seq * 7919 % 1000000) MICROSECOND AS created FROM seq_1_to_{posts}) n
ORDER BY n.seq;

INSERT INTO votes (user_id, post_id, vote_type)
SELECT u.id, 1 + (u.id * 97 + k.seq * 331) % {posts}, IF((u.id + k.seq) % 5 = 0, -1, 1)
FROM users u JOIN seq_1_to_{votes} k;

UPDATE posts p JOIN (SELECT post_id, COUNT(*) AS n, SUM(vote_type) AS total FROM votes GROUP BY post_id) v
ON v.post_id = p.id SET p.votes = v.n, p.score = v.total;

ANALYZE TABLE users, posts, votes;
'''

_COUNTED = {'create': 'posts', 'login': 'sessions', 'login4': 'sessions'}


def fill(database, posts):
    """Users 1 to USERS (the first is there), posts with the ids 1 to posts, votes and their counters."""
    database.query(_FILL.format(users=USERS, posts=posts, votes=VOTES_PER_USER))
    found = database.query('SELECT COUNT(*), MIN(id), MAX(id) FROM posts; SELECT COUNT(*) FROM votes; '
                           'SELECT SUM(votes) FROM posts')
    wanted = [[str(posts), '1', str(posts)], [str(USERS * VOTES_PER_USER)], [str(USERS * VOTES_PER_USER)]]
    assert found == wanted, found


def spread_password(database):
    """Gives everybody the stored password of user1."""
    database.query(_SPREAD)


def writes(endpoint):
    return endpoint in _COUNTED


def count_written(database, endpoint):
    """How many rows there are of what the endpoint writes."""
    return database.number(f'SELECT COUNT(*) FROM {_COUNTED[endpoint]}') if writes(endpoint) else 0


def processors():
    return os.sched_getaffinity(0)
