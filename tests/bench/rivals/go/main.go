// Four of Quire's endpoints in Go: net/http, database/sql with go-sql-driver/mysql, golang-jwt, x/crypto/bcrypt.
// Used by tests/bench/compare alone, which builds it with what Debian packages.
//
//	server SOCKET      settings as Quire's: DB_SOCKET DB_USER DB_PASSWORD DB_NAME SECRET_KEY
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/go-sql-driver/mysql"
)

// As many connections as there are clients in the comparison.
const connections = 16

func openDatabase() (*sql.DB, error) {
	config := mysql.NewConfig()
	config.Net, config.Addr = "unix", os.Getenv("DB_SOCKET")
	config.User, config.Passwd, config.DBName = os.Getenv("DB_USER"), os.Getenv("DB_PASSWORD"), os.Getenv("DB_NAME")
	config.Collation = "utf8mb4_unicode_ci"
	config.Params = map[string]string{"time_zone": "'+00:00'", "tx_isolation": "'READ-COMMITTED'"}
	db, err := sql.Open("mysql", config.FormatDSN())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, db.Ping()
}

// server has what the handlers share; all of it may be used by many at once.
type server struct {
	db     *sql.DB
	secret []byte
	keyID  string

	onePost, ownPost, page, addPost                *sql.Stmt
	bearer, account, confirm                       *sql.Stmt
	addSession, dropSessions, addRefresh, addEvent *sql.Stmt
}

func (s *server) prepare() error {
	for _, one := range []struct {
		statement **sql.Stmt
		text      string
	}{
		{&s.onePost, postColumns + "WHERE p.id = ? AND p.published = 1"},
		{&s.ownPost, postColumns + "WHERE p.id = ? AND (p.published = 1 OR p.owner_id = ?)"},
		{&s.page, postColumns + "WHERE p.published = 1 ORDER BY p.id LIMIT ? OFFSET ?"},
		{&s.addPost, addPostSQL},
		{&s.bearer, bearerSQL},
		{&s.account, accountSQL},
		{&s.confirm, confirmSQL},
		{&s.addSession, addSessionSQL},
		{&s.dropSessions, dropSessionsSQL},
		{&s.addRefresh, addRefreshSQL},
		{&s.addEvent, addEventSQL},
	} {
		statement, err := s.db.Prepare(one.text)
		if err != nil {
			return err
		}
		*one.statement = statement
	}
	return nil
}

func answer(w http.ResponseWriter, status int, value interface{}) {
	text, err := json.Marshal(value)
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(text)
}

func refuse(w http.ResponseWriter, status int, why string) {
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	answer(w, status, map[string]string{"detail": why})
}

func fail(w http.ResponseWriter, err error) {
	log.Print(err)
	refuse(w, http.StatusInternalServerError, "Internal Server Error")
}

func (s *server) posts(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet:
		s.listPosts(w, r)
	case http.MethodPost:
		s.createPost(w, r)
	default:
		refuse(w, http.StatusMethodNotAllowed, "Method Not Allowed")
	}
}

func (s *server) post(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		refuse(w, http.StatusMethodNotAllowed, "Method Not Allowed")
		return
	}
	s.showPost(w, r, strings.TrimPrefix(r.URL.Path, "/api/v1/posts/"))
}

func (s *server) login(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		refuse(w, http.StatusMethodNotAllowed, "Method Not Allowed")
		return
	}
	s.logIn(w, r)
}

func main() {
	db, err := openDatabase()
	if err != nil {
		log.Fatal(err)
	}
	s := &server{db: db, secret: []byte(os.Getenv("SECRET_KEY"))}
	s.keyID = nameOf(s.secret)
	if err := s.prepare(); err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/v1/posts", s.posts)
	mux.HandleFunc("/api/v1/posts/", s.post)
	mux.HandleFunc("/api/v1/login", s.login)
	listener, err := net.Listen("unix", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	web := &http.Server{Handler: mux}
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	go func() {
		<-stop.Done()
		web.Shutdown(context.Background())
	}()
	if err := web.Serve(listener); err != http.ErrServerClosed {
		log.Fatal(err)
	}
}
