-- from
CREATE TABLE `odd table` (
  `a``b` INT NOT NULL,
  `c d` INT NULL,
  PRIMARY KEY (`a``b`),
  KEY `k k` (`c d`)
) ENGINE=InnoDB;
-- to
-- options: --allow-loss
-- up
-- loses data: the rows of odd table
DROP TABLE `odd table`;
-- down
-- comes back empty: the rows of odd table
CREATE TABLE `odd table` (
  `a``b` INT NOT NULL,
  `c d` INT NULL DEFAULT NULL,
  PRIMARY KEY (`a``b`),
  KEY `k k` (`c d`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
