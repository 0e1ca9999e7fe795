// A pool of connections; a statement given to execute() is prepared once on each of them.
import mysql from 'mysql2/promise';

export function openDatabase() {
    const pool = mysql.createPool({
        socketPath: process.env.DB_SOCKET,
        user: process.env.DB_USER,
        password: process.env.DB_PASSWORD,
        database: process.env.DB_NAME,
        charset: 'utf8mb4',
        timezone: 'Z',
        dateStrings: true,
        connectionLimit: 10,
    });
    pool.pool.on('connection', (connection) => {
        connection.query("SET time_zone = '+00:00', tx_isolation = 'READ-COMMITTED'");
    });
    return pool;
}

// What work(connection) does, as one transaction.
export async function transaction(pool, work) {
    const connection = await pool.getConnection();
    try {
        await connection.beginTransaction();
        const result = await work(connection);
        await connection.commit();
        return result;
    } catch (error) {
        await connection.rollback();
        throw error;
    } finally {
        connection.release();
    }
}
