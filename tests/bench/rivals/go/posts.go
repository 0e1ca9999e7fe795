package main

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	postColumns = "SELECT p.id, p.title, p.content, p.published, p.owner_id, u.id, u.username, p.votes, p.score, " +
		"p.comment_count, p.created_at, p.updated_at FROM posts p LEFT JOIN users u ON u.id = p.owner_id "
	addPostSQL = "INSERT INTO posts (title, content, published, owner_id) VALUES (?, ?, ?, ?)"
)

const bodyMost = 1 << 20

// moment is a DATETIME(6) in UTC; in JSON it has microseconds only when they are not zero.
type moment string

func (m moment) MarshalJSON() ([]byte, error) {
	text := strings.Replace(string(m), " ", "T", 1)
	return []byte(`"` + strings.TrimSuffix(text, ".000000") + `Z"`), nil
}

type owner struct {
	ID       int64  `json:"id"`
	Username string `json:"username"`
}

type post struct {
	ID           int64  `json:"id"`
	Title        string `json:"title"`
	Content      string `json:"content"`
	Published    bool   `json:"published"`
	OwnerID      int64  `json:"owner_id"`
	Owner        owner  `json:"owner"`
	Votes        int64  `json:"votes"`
	Score        int64  `json:"score"`
	CommentCount int64  `json:"comment_count"`
	CreatedAt    moment `json:"created_at"`
	UpdatedAt    moment `json:"updated_at"`
}

// scanner is a row of one statement or of several.
type scanner interface {
	Scan(to ...interface{}) error
}

func (p *post) scan(row scanner) error {
	return row.Scan(&p.ID, &p.Title, &p.Content, &p.Published, &p.OwnerID, &p.Owner.ID, &p.Owner.Username, &p.Votes,
		&p.Score, &p.CommentCount, &p.CreatedAt, &p.UpdatedAt)
}

func (s *server) showPost(w http.ResponseWriter, r *http.Request, text string) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		refuse(w, http.StatusUnprocessableEntity, "id must be an integer")
		return
	}
	var p post
	err = p.scan(s.onePost.QueryRowContext(r.Context(), id))
	if errors.Is(err, sql.ErrNoRows) {
		refuse(w, http.StatusNotFound, fmt.Sprintf("post with id: %d not found", id))
		return
	}
	if err != nil {
		fail(w, err)
		return
	}
	answer(w, http.StatusOK, &p)
}

// number reads a parameter of the query; an absent one is what is usual.
func number(query url.Values, name string, usual, least, most int64) (int64, error) {
	text := query.Get(name)
	if text == "" {
		return usual, nil
	}
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil || value < least || value > most {
		return 0, fmt.Errorf("%s must be an integer from %d to %d", name, least, most)
	}
	return value, nil
}

func (s *server) listPosts(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	limit, err := number(query, "limit", 10, 1, 100)
	if err == nil {
		var skip int64
		if skip, err = number(query, "skip", 0, 0, 1<<62); err == nil {
			s.sendPage(w, r, limit, skip)
			return
		}
	}
	refuse(w, http.StatusUnprocessableEntity, err.Error())
}

func (s *server) sendPage(w http.ResponseWriter, r *http.Request, limit, skip int64) {
	rows, err := s.page.QueryContext(r.Context(), limit, skip)
	if err != nil {
		fail(w, err)
		return
	}
	defer rows.Close()
	page := make([]post, 0, limit)
	for rows.Next() {
		var p post
		if err := p.scan(rows); err != nil {
			fail(w, err)
			return
		}
		page = append(page, p)
	}
	if err := rows.Err(); err != nil {
		fail(w, err)
		return
	}
	answer(w, http.StatusOK, page)
}

type newPost struct {
	Title     *string `json:"title"`
	Content   *string `json:"content"`
	Published *bool   `json:"published"`
}

func (n *newPost) check() error {
	if n.Title == nil || n.Content == nil {
		return errors.New("title and content are required")
	}
	if length := utf8.RuneCountInString(*n.Title); length < 1 || length > 200 {
		return errors.New("title must have 1 to 200 characters")
	}
	if utf8.RuneCountInString(*n.Content) > 500000 {
		return errors.New("content must have at most 500000 characters")
	}
	return nil
}

// insert adds the post and reads it back, in one transaction.
func (s *server) insert(r *http.Request, n *newPost, owner int64) (*post, error) {
	published := n.Published == nil || *n.Published
	tx, err := s.db.BeginTx(r.Context(), nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() // nothing once it is committed
	done, err := tx.Stmt(s.addPost).Exec(*n.Title, *n.Content, published, owner)
	if err != nil {
		return nil, err
	}
	id, err := done.LastInsertId()
	if err != nil {
		return nil, err
	}
	var p post
	if err := p.scan(tx.Stmt(s.ownPost).QueryRow(id, owner)); err != nil {
		return nil, err
	}
	return &p, tx.Commit()
}

func (s *server) createPost(w http.ResponseWriter, r *http.Request) {
	user, err := s.whoAsks(r)
	if err != nil {
		fail(w, err)
		return
	}
	if user == 0 {
		refuse(w, http.StatusUnauthorized, "Could not validate credentials")
		return
	}
	var n newPost
	err = json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyMost)).Decode(&n)
	if err == nil {
		err = n.check()
	}
	if err != nil {
		refuse(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	p, err := s.insert(r, &n, user)
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Location", fmt.Sprintf("/api/v1/posts/%d", p.ID))
	answer(w, http.StatusCreated, p)
}
