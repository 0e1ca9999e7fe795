-- from
CREATE TABLE things (
  a INT NOT NULL
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  a INT NOT NULL,
  PRIMARY KEY (a)
) ENGINE=InnoDB;
-- up
ALTER TABLE things ADD PRIMARY KEY (a);
-- down
ALTER TABLE things DROP KEY `PRIMARY`;
