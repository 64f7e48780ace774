import { createKeyCheck, createSecrets, loadSecretKey } from '../access/index.ts';
import { readConfig } from '../config.ts';
import { openStore } from '../platform/store/index.ts';
import { toSentence } from '../platform/terminal.ts';
import { passwordOpens } from './directory.ts';
import { createCompanyStore } from './store.ts';

/**
 * npm run secret:forget: for whoever lost SECRET_KEY. What was sealed with the old key is taken out, because nobody can read it
 * any more; contacts, protocols and recordings are not sealed and stay. The server is stopped meanwhile.
 */
async function main(): Promise<void> {
  const { mongodbUrl, dataDir, secretKey } = readConfig(process.env);
  const store = await openStore(
    mongodbUrl === undefined ? { kind: 'embedded', dataDir } : { kind: 'mongodb', url: mongodbUrl },
  );
  try {
    const secrets = createSecrets(loadSecretKey(dataDir, secretKey));
    const check = createKeyCheck(store.connection, secrets);
    const { trunks } = createCompanyStore(store.connection);
    await store.ensureIndexes();
    const lost = (await trunks.all()).filter((trunk) => !passwordOpens(trunk, secrets));
    // Without its password a trunk would call in clear text or be refused: it waits until somebody types the password.
    for (const { _id, companyId } of lost)
      await trunks.update(companyId, _id, { digest: null, registration: null, active: false });
    await check.forget();
    await check.plant();
    console.log('A chave de agora vale. Todos entram de novo; chaves de API (rk_…) precisam ser recriadas.');
    for (const { name } of lost) console.log(`· tronco ${name}: desativado; digite a senha e ative-o`);
  } finally {
    await store.stop();
  }
}

main().catch((error: unknown) => {
  console.error(toSentence(error));
  process.exitCode = 1;
});
