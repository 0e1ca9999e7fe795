// The names of the document's schemas that the pages use.
import type { components } from 'quire-api';

type Schemas = components['schemas'];

export type Post = Schemas['Post'];
export type PostPart = Schemas['PostPart'];
export type Comment = Schemas['Comment'];
export type CommentTree = Schemas['CommentTree'];
export type Micropost = Schemas['Micropost'];
export type Book = Schemas['Book'];
export type BookDetail = Schemas['BookDetail'];
export type Review = Schemas['Review'];
export type Tag = Schemas['Tag'];
export type Me = Schemas['UserSelf'];
export type User = Schemas['User'];
export type PublicUser = Schemas['PublicUser'];
export type Profile = Schemas['Profile'];
export type Role = Schemas['Role'];
export type RoleGrant = Schemas['RoleGrant'];
export type Session = Schemas['Session'];
export type Thread = Schemas['Thread'];
export type Attempt = Schemas['ThreadHistory'];
export type AuditEvent = Schemas['AuditEvent'];
export type Mistake = Schemas['Mistake'];
export type VoteType = Schemas['Vote']['vote_type'];
