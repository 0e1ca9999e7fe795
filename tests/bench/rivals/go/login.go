package main

import (
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt"
	"golang.org/x/crypto/bcrypt"
)

const (
	// What roles give is another matter, of which no post has need.
	bearerSQL = "SELECT s.expires_at, u.is_active, u.uid, u.username FROM sessions s " +
		"JOIN users u ON u.id = s.user_id WHERE s.id = ? AND s.user_id = ?"
	accountSQL = "SELECT id, password_hash, is_active FROM (SELECT 0 AS place, id, password_hash, is_active " +
		"FROM users WHERE email_fold = ? UNION ALL SELECT 1, id, password_hash, is_active FROM users " +
		"WHERE username_fold = ?) AS found ORDER BY place LIMIT 1"
	confirmSQL      = "UPDATE users SET logins = logins + 1 WHERE id = ? AND password_hash = ? AND is_active = 1"
	addSessionSQL   = "INSERT INTO sessions (user_id, expires_at, agent, address) VALUES (?, ?, ?, ?)"
	dropSessionsSQL = "DELETE FROM sessions WHERE user_id = ? AND expires_at <= ?"
	addRefreshSQL   = "INSERT INTO refresh_tokens (digest, session_id, expires_at) VALUES (?, ?, ?)"
	addEventSQL     = "INSERT INTO audit_events (event, actor_id, subject_id, address, detail) VALUES (?, ?, ?, ?, ?)"
)

const (
	tokenSeconds   = 1800
	sessionSeconds = 14 * 86400
	passwordBytes  = 72
	agentBytes     = 200
	eventLogin     = 1
	// Compared with when nobody has that name, so that it takes as long.
	decoy      = "$2b$12$quireDecoyquireDecoyququireDecoyquireDecoyquireDecoy/"
	timeLayout = "2006-01-02 15:04:05.999999"
)

var errCredentials = errors.New("Invalid credentials")

type claims struct {
	ID      int64 `json:"id"`
	Session int64 `json:"sid"`
	jwt.StandardClaims
}

// nameOf is the kid of a secret.
func nameOf(secret []byte) string {
	sum := sha256.Sum256(secret)
	return hex.EncodeToString(sum[:8])
}

func (s *server) readToken(text string) (*claims, bool) {
	var c claims
	parser := jwt.Parser{ValidMethods: []string{"HS256"}}
	token, err := parser.ParseWithClaims(text, &c, func(t *jwt.Token) (interface{}, error) {
		if t.Header["kid"] != s.keyID {
			return nil, errors.New("unknown key")
		}
		return s.secret, nil
	})
	good := err == nil && token.Valid && c.ExpiresAt != 0 && c.VerifyIssuer("quire", true) &&
		c.VerifyAudience("quire", true) && c.ID > 0 && c.Session > 0
	return &c, good
}

// whoAsks is the id of who has sent the token; 0 when there is no good token, or its session has ended.
func (s *server) whoAsks(r *http.Request) (int64, error) {
	const scheme = "Bearer "
	header := r.Header.Get("Authorization")
	if len(header) < len(scheme) || !strings.EqualFold(header[:len(scheme)], scheme) {
		return 0, nil
	}
	c, good := s.readToken(header[len(scheme):])
	if !good {
		return 0, nil
	}
	var expires string
	var active bool
	var uid []byte
	var username string
	err := s.bearer.QueryRowContext(r.Context(), c.Session, c.ID).Scan(&expires, &active, &uid, &username)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if !active || expires <= time.Now().UTC().Format(timeLayout) {
		return 0, nil
	}
	return c.ID, nil
}

func (s *server) makeToken(user, session int64, now time.Time) (string, error) {
	jti := make([]byte, 16)
	if _, err := rand.Read(jti); err != nil {
		return "", err
	}
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, &claims{user, session, jwt.StandardClaims{
		Subject: strconv.FormatInt(user, 10), IssuedAt: now.Unix(), ExpiresAt: now.Unix() + tokenSeconds,
		Issuer: "quire", Audience: "quire", Id: hex.EncodeToString(jti)}})
	token.Header["kid"] = s.keyID
	return token.SignedString(s.secret)
}

// networkOf is all that a security event keeps of an address: its first 24 bits.
func networkOf(address string) string {
	network := net.IPNet{IP: net.ParseIP(address), Mask: net.CIDRMask(24, 32)}
	network.IP = network.IP.Mask(network.Mask)
	return network.String()
}

// openSession gives the session's id and its refresh token, if the password that was checked is the account's still.
func (s *server) openSession(r *http.Request, user int64, hash string, now time.Time) (int64, string, error) {
	tx, err := s.db.BeginTx(r.Context(), nil)
	if err != nil {
		return 0, "", err
	}
	defer tx.Rollback() // nothing once it is committed
	confirmed, err := tx.Stmt(s.confirm).Exec(user, hash)
	if err != nil {
		return 0, "", err
	}
	if matched, err := confirmed.RowsAffected(); err != nil {
		return 0, "", err
	} else if matched == 0 {
		return 0, "", errCredentials
	}
	expires := now.Add(sessionSeconds * time.Second).Format(timeLayout)
	agent := r.UserAgent()
	if len(agent) > agentBytes {
		agent = agent[:agentBytes]
	}
	address, _, _ := net.SplitHostPort(r.RemoteAddr)
	if forwarded := r.Header.Get("X-Real-IP"); forwarded != "" {
		address = forwarded
	}
	done, err := tx.Stmt(s.addSession).Exec(user, expires, agent, address)
	if err != nil {
		return 0, "", err
	}
	session, err := done.LastInsertId()
	if err != nil {
		return 0, "", err
	}
	if _, err := tx.Stmt(s.dropSessions).Exec(user, now.Format(timeLayout)); err != nil {
		return 0, "", err
	}
	bytes := make([]byte, 32)
	if _, err := rand.Read(bytes); err != nil {
		return 0, "", err
	}
	refresh := base64.RawURLEncoding.EncodeToString(bytes)
	digest := sha256.Sum256([]byte(refresh))
	if _, err := tx.Stmt(s.addRefresh).Exec(digest[:], session, expires); err != nil {
		return 0, "", err
	}
	if _, err := tx.Stmt(s.addEvent).Exec(eventLogin, nil, user, networkOf(address), nil); err != nil {
		return 0, "", err
	}
	return session, refresh, tx.Commit()
}

// checkPassword finds the account and compares; errCredentials when it is not that.
func (s *server) checkPassword(r *http.Request, name, password string) (int64, string, error) {
	var user int64
	var active bool
	hash := decoy
	err := s.account.QueryRowContext(r.Context(), name, name).Scan(&user, &hash, &active)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, "", err
	}
	wrong := bcrypt.CompareHashAndPassword([]byte(hash), []byte(password)) != nil
	if wrong || err != nil || !active {
		return 0, "", errCredentials
	}
	return user, hash, nil
}

func (s *server) logIn(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, bodyMost)
	if err := r.ParseForm(); err != nil {
		refuse(w, http.StatusUnprocessableEntity, "the body is not a form")
		return
	}
	name, password := strings.ToLower(r.PostForm.Get("username")), r.PostForm.Get("password")
	if name == "" || password == "" || len(password) > passwordBytes {
		refuse(w, http.StatusUnprocessableEntity, "username and password are required")
		return
	}
	now := time.Now().UTC()
	var session int64
	var refresh, access string
	user, hash, err := s.checkPassword(r, name, password)
	if err == nil {
		session, refresh, err = s.openSession(r, user, hash, now)
	}
	if err == nil {
		access, err = s.makeToken(user, session, now)
	}
	switch {
	case err == errCredentials:
		refuse(w, http.StatusUnauthorized, err.Error())
	case err != nil:
		fail(w, err)
	default:
		w.Header().Set("Cache-Control", "no-store")
		answer(w, http.StatusOK, map[string]interface{}{"access_token": access, "token_type": "bearer",
			"expires_in": tokenSeconds, "refresh_token": refresh})
	}
}
