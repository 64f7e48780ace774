import { z } from 'zod';
import { useServices, useText } from '../app/context.tsx';
import { useTyped } from '../session/useTyped.ts';
import { Failed, Waiting } from '../ui/states.tsx';
import { useLoad } from '../ui/useLoad.ts';
import { companyTyped, companyView, defaultDialing, dialingBody, type Company } from './company.ts';
import { CompanyForm } from './CompanyForm.tsx';
import { DialingFields } from './DialingFields.tsx';

const PATH = '/api/v1/admin/company';

/** The company itself: what callers hear, by whose clock it works, whose holidays it keeps. */
export function CompanyPage() {
  const t = useText();
  const { api } = useServices();
  const { state, reload } = useLoad('company', () => api.get(PATH, companyView));
  return (
    <div className="page" data-testid="admin-empresa">
      <h1 style={{ fontSize: 20, margin: '0 0 12px' }}>{t.company.title}</h1>
      {state.kind === 'failed' ? <Failed error={state.error} onRetry={reload} /> : null}
      {state.kind === 'loading' && state.data === null ? <Waiting /> : null}
      {state.data === null ? null : <OwnCompany company={state.data} />}
    </div>
  );
}

function OwnCompany({ company }: { company: Company }) {
  const t = useText();
  const { api } = useServices();
  const form = useTyped<Company>('empresa', companyTyped, company);
  const save = async ({ name, timeZone, regime, state: uf, dialing }: Company): Promise<void> => {
    const body = {
      name,
      timeZone,
      regime,
      state: uf ?? null,
      dialing: dialingBody(dialing ?? defaultDialing),
    };
    await api.send('PATCH', PATH, body, z.unknown());
  };
  return (
    <div className="panel" style={{ maxWidth: 560, padding: 16 }}>
      <CompanyForm form={form} submit={t.common.save} said={t.admin.saved} save={save} onSaved={form.saved}>
        {({ dialing }, set, faults) => (
          <DialingFields
            faults={faults}
            value={dialing ?? defaultDialing}
            onChange={(next) => set({ dialing: next })}
          />
        )}
      </CompanyForm>
    </div>
  );
}
